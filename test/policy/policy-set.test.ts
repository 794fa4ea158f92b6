import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ExequaturError } from '../../src/domain/errors.js'
import { readPolicyFiles } from '../../src/policy/policy-files.js'
import { parsePolicySet } from '../../src/policy/policy-set.js'

const any = '(principal, action, resource);'

function complaints(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    parsePolicySet(files)
    return []
  } catch (error) {
    const { code, problems } = error as ExequaturError
    expect(code).toBe('EXQ-3002')
    return problems.map(({ pointer, message }) => `${pointer} ${message}`)
  }
}

describe('a policy set', () => {
  test('has each policy with what its annotations say', () => {
    const set = parsePolicySet({
      'a.cedar': `@id("yes") permit ${any}`,
      'b.cedar': `@id("ask") @require("finance:1, security:2") @say("Ask finance.") forbid ${any}`,
    })
    expect([...set.policies.values()]).toMatchObject([
      {
        id: 'yes',
        file: 'a.cedar',
        effect: 'permit',
        text: expect.stringContaining('permit'),
        requires: null,
        say: null,
      },
      {
        id: 'ask',
        effect: 'forbid',
        text: expect.stringContaining('forbid'),
        requires: { finance: 1, security: 2 },
        say: 'Ask finance.',
      },
    ])
  })

  test('is known by a digest of its files, names included', () => {
    const files = { 'a.cedar': `@id("yes") permit ${any}`, 'b.cedar': `@id("no") forbid ${any}` }
    const { digest } = parsePolicySet(files)
    expect(parsePolicySet({ 'b.cedar': files['b.cedar'], 'a.cedar': files['a.cedar'] }).digest).toBe(digest)
    expect(parsePolicySet({ ...files, 'b.cedar': `${files['b.cedar']}\n` }).digest).not.toBe(digest)
    expect(parsePolicySet({ 'a.cedar': files['a.cedar'], 'c.cedar': files['b.cedar'] }).digest).not.toBe(digest)
  })

  test('may be empty: then nothing is permitted', () => {
    expect(parsePolicySet({ 'a.cedar': '// nothing yet' }).policies.size).toBe(0)
  })

  test.each<[what: string, text: string, complaint: RegExp]>([
    ['a syntax error', 'permit (principal, action', /unexpected end of input/],
    ['no @id', `permit ${any}`, /a policy has no @id/],
    ['an empty @id', `@id("") permit ${any}`, /a policy has no @id/],
    ['an @id used twice', `@id("a") permit ${any} @id("a") forbid ${any}`, /@id\("a"\) is used twice/],
    ['a @require without a count', `@id("a") @require("finance") forbid ${any}`, /a: @require is "group:count, ..."/],
    ['a @require of nobody', `@id("a") @require("finance:0") forbid ${any}`, /a: @require is/],
    ['a negative @require', `@id("a") @require("finance:-1") forbid ${any}`, /a: @require is/],
    ['an empty @require', `@id("a") @require("") forbid ${any}`, /a: @require is/],
    ['a @require on a permit', `@id("a") @require("finance:1") permit ${any}`, /a: @require belongs on a forbid/],
    ['a template', '@id("a") permit (principal == ?principal, action, resource);', /templates are not supported/],
  ])('is refused with %s', (_, text, complaint) => {
    expect(complaints({ 'a.cedar': text })).toEqual([expect.stringMatching(complaint)])
  })

  test('is told all that is wrong with it at once, with the file', () => {
    expect(
      complaints({ 'a.cedar': `permit ${any}`, 'b.cedar': 'permit', 'c.cedar': `@id("c") permit ${any}` }),
    ).toEqual([expect.stringMatching(/^\/a\.cedar /), expect.stringMatching(/^\/b\.cedar /)])
  })

  test('may not use an @id of another file', () => {
    const text = `@id("a") permit ${any}`
    expect(complaints({ 'a.cedar': text, 'b.cedar': text })).toEqual(['/b.cedar @id("a") is used twice'])
  })
})

describe('policy files', () => {
  const folderWith = async (files: Readonly<Record<string, string>>) => {
    const folder = await mkdtemp(join(tmpdir(), 'exequatur-policies-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return folder
  }

  test('are the default pack and the *.cedar files of the folder', async () => {
    const files = await readPolicyFiles(await folderWith({ 'b.cedar': '// b', 'a.cedar': '// a', 'notes.md': 'x' }))
    expect(Object.keys(files)).toEqual(['default-pack.cedar', 'a.cedar', 'b.cedar'])
    expect(parsePolicySet(files).policies.has('default-own-tenant')).toBe(true)
  })

  test('cannot replace the default pack', async () => {
    const folder = await folderWith({ 'default-pack.cedar': '' })
    await expect(readPolicyFiles(folder)).rejects.toMatchObject({ code: 'EXQ-7001' })
  })

  test('need a folder that can be read', async () => {
    await expect(readPolicyFiles('/nowhere/at/all')).rejects.toMatchObject({ code: 'EXQ-7001' })
  })
})
