import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { giveSlackCode } from '../../src/control-plane/slack/link-slack.js'
import { exq } from './cli-run.js'
import { type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
let api: string
let home: string
beforeAll(async () => {
  desk = await openHttpDesk()
  api = await desk.app.listen({ port: 0, host: '127.0.0.1' })
  home = mkdtempSync(join(tmpdir(), 'exequatur-slack-keys-'))
})
afterAll(async () => {
  await desk.close()
  rmSync(home, { recursive: true })
})

const run = (...args: string[]) => exq(args, { env: { EXEQUATUR_API: api, EXEQUATUR_TOKEN: desk.tokens.bob } })
const newCode = async (user = 'U1') =>
  (await giveSlackCode(desk.plane, { tenant: 'acme', team: 'T1', user }, 'b\u202eob')).code

describe('exq slack link', () => {
  test('shows who it is, and links nothing unless somebody says yes', async () => {
    const given = await newCode()
    const unsaid = await run('slack', 'link', given)
    expect(unsaid).toMatchObject({ code: 1, stdout: '' })
    expect(unsaid.stderr).toContain('U1 in T1')
    expect(unsaid.stderr).toContain('Nothing was linked.')
    expect(unsaid.stderr).not.toContain('\u202e')
    const linked = await run('slack', 'link', given, '--yes')
    expect(linked).toMatchObject({ code: 0, stdout: 'U1 of T1 is person:bob.\n' })
  })

  test('signs with the key that is on this machine, where the person has one; without it nothing is linked', async () => {
    const person = { tenant: 'acme', kind: 'person', name: 'kim', groups: ['finance'], by: 'test' } as const
    const { token } = await createPrincipal(desk.plane, person)
    const at = (HOME: string) => ({ env: { EXEQUATUR_API: api, EXEQUATUR_TOKEN: token, HOME } })
    const [here, elsewhere] = ['here', 'elsewhere'].map((name) => join(home, name)) as [string, string]
    expect((await exq(['key', 'create'], at(here))).code).toBe(0)
    const link = async (user: string, HOME: string) => exq(['slack', 'link', await newCode(user), '--yes'], at(HOME))
    const refused = await link('U2', elsewhere)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('EXQ-5044')
    expect(await link('U2', here)).toMatchObject({ code: 0, stdout: 'U2 of T1 is person:kim.\n' })
    expect((await link('U3', here)).stderr).toContain('U2, which was person:kim until now, is nobody any more.')
  })

  test('tells what is wrong with a code', async () => {
    const { code, stderr } = await run('slack', 'link', 'exqs_made_up', '--yes')
    expect(code).not.toBe(0)
    expect(stderr).toContain('EXQ-5048')
  })
})
