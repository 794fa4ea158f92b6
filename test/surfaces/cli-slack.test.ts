import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveSlackCode } from '../../src/control-plane/slack/link-slack.js'
import { exq } from './cli-run.js'
import { type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
let api: string
beforeAll(async () => {
  desk = await openHttpDesk()
  api = await desk.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => desk.close())

const run = (...args: string[]) => exq(args, { env: { EXEQUATUR_API: api, EXEQUATUR_TOKEN: desk.tokens.bob } })
const newCode = async () =>
  (await giveSlackCode(desk.plane, { tenant: 'acme', team: 'T1', user: 'U1' }, 'b\u202eob')).code

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

  test('tells what is wrong with a code', async () => {
    const { code, stderr } = await run('slack', 'link', 'exqs_made_up', '--yes')
    expect(code).not.toBe(0)
    expect(stderr).toContain('EXQ-5048')
  })
})
