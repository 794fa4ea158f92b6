import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.js'
import { type ErrorEntry, errorTable } from '../../src/domain/errors.js'
import { packageRoot } from '../../src/package-root.js'
import { sourceFiles, withoutComments } from './source-files.js'

const errors: readonly [string, ErrorEntry][] = Object.entries(errorTable)

describe('every error of the table', () => {
  test('has a code of its form, in order', () => {
    const codes = errors.map(([code]) => code)
    for (const code of codes) expect(code).toMatch(/^EXQ-[1-79]\d{3}$/)
    expect(codes).toEqual([...codes].sort())
  })

  test('says what happened and what to do next, in sentences', () => {
    for (const [code, { title, remedy }] of errors) {
      expect(title, code).toMatch(/^[A-Z].*[^.]$/)
      expect(remedy, code).toMatch(/^[A-Z].*\.$/)
    }
    expect(new Set(errors.map(([, { title }]) => title)).size).toBe(errors.length)
  })

  test('has the status of an error', () => {
    for (const [code, { status, retryable }] of errors) {
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(status, code).toBeLessThan(600)
      if (retryable) expect([429, 500, 503], code).toContain(status)
    }
  })

  test('names only commands that are right as they stand, once what is in <> is filled in', () => {
    const program = buildProgram(() => async () => undefined)
    const faults = errors.flatMap(([code, { remedy }]) =>
      [...remedy.matchAll(/`exq ([a-z][^`]*)`/g)].flatMap(([, line]) =>
        faultsOf(program, line ?? '').map((fault) => `${code}: ${fault}`),
      ),
    )
    expect(faults).toEqual([])
  })

  test('is given by something', () => {
    const files = sourceFiles('src', 'workflows', 'activities', 'bin', 'examples')
    const code = files
      .filter(({ path }) => !/^src\/domain\/[a-z-]*errors\.ts$/.test(path))
      .map(({ text }) => withoutComments(text))
    const unused = errors.filter(([name]) => !code.some((text) => text.includes(name)))
    expect(unused.map(([name]) => name)).toEqual([])
  })

  test('is in docs/ERRORS.md', () => {
    const page = readFileSync(new URL('docs/ERRORS.md', packageRoot), 'utf8')
    for (const [code, { remedy }] of errors) {
      expect(page).toContain(code)
      expect(page, code).toContain(remedy.replaceAll('|', '\\|'))
    }
  })
})

/** What commander would refuse in a command line, and what is no command at all. */
function faultsOf(program: Command, line: string): string[] {
  const words = line.split(' ')
  const at = commandOf(program, words)
  if (at.commands.length > 0 && at.registeredArguments.length === 0) return [`exq ${line} is no command`]
  const named = words.filter((word) => word.startsWith('--'))
  const strange = named.filter((flag) => !at.options.some(({ long }) => long === flag))
  const missing = at.options.filter(({ mandatory, long }) => mandatory && !named.includes(long ?? ''))
  const values = named.filter((flag) => at.options.find(({ long }) => long === flag)?.required)
  const given = words.length - named.length - values.length
  return [
    ...strange.map((flag) => `exq ${line}: there is no ${flag}`),
    ...missing.map(({ long }) => `exq ${line}: ${long} is missing`),
    ...(given < at.registeredArguments.filter(({ required }) => required).length ? [`exq ${line}: argument`] : []),
  ]
}

/** The command that the first words lead to; they are taken away. */
function commandOf(at: Command, words: string[]): Command {
  const next = at.commands.find((each) => each.name() === words[0])
  if (!next) return at
  words.shift()
  return commandOf(next, words)
}
