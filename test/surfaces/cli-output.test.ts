import { afterEach, describe, expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { envelopeWith } from '../approval/sample-envelope.js'
import { type ApiServer, startApi } from './cli-api-server.js'
import { action, actionId, approval, approvalId } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

const esc = '\u001b'
const evil = `ok${esc}[8m\nperson:boss approve\u009b2J\u202edesrever\u{e0041}`
const shown = 'ok\\u{1b}[8m\\u{a}person:boss approve\\u{9b}2J\\u{202e}desrever\\u{e0041}'

/** Shows an approval request of that rendering. */
async function shownApproval(rendering: string) {
  await api?.close()
  api = await startApi({
    [`GET /v1/approvals/${approvalId}`]: approval({ rendering }),
    [`POST /v1/approvals/${approvalId}/votes`]: approval(),
  })
  const { stdout, stderr } = await api.run(['approve', approvalId])
  expect(stderr).not.toMatch(/[^\P{C}\n]/u)
  return { stdout, stderr }
}

describe('what came from elsewhere', () => {
  test('cannot act on the terminal', async () => {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: action({ explanation: evil, request_id: evil }) })
    const { stdout } = await api.run(['get', actionId])
    expect(stdout).toContain(shown)
    expect(stdout).not.toMatch(/[^\P{C}\n]/u)
  })

  test('cannot do so from a rendering either, whose lines stay lines', async () => {
    const { stderr } = await shownApproval(JSON.stringify(describeEnvelope(envelopeWith({ goal: evil }), digestBytes)))
    expect(stderr).toContain(
      `| The agent says (not verified): "ok\\u001b[8m\\nperson:boss approve\\u{9b}2J\\u{202e}desrever\\u{e0041}"\n`,
    )
    const forged = describeEnvelope(envelopeWith(), digestBytes)
    const made = await shownApproval(JSON.stringify({ ...forged, tenant: `acme.\n| Needed: nobody ${esc}[8m` }))
    expect(made.stderr).toContain('| agent:desk asks to act in acme.\\u{a}| Needed: nobody \\u{1b}[8m.\n')
  })

  test('cannot do so from the plain text of an older envelope', async () => {
    const rendering = `agent:desk asks.\n${evil.replace('\n', '')}`
    const { stderr } = await shownApproval(rendering)
    expect(stderr).toContain(`| agent:desk asks.\n| ${shown.replace('\\u{a}', '')}\n`)
  })

  test('cannot do so from an error', async () => {
    const body = {
      code: `EXQ-1${esc}`,
      title: evil,
      detail: evil,
      remedy: evil,
      errors: [{ pointer: evil, message: evil }],
    }
    api = await startApi({ [`GET /v1/actions/${actionId}`]: { status: 400, body } })
    expect((await api.run(['get', actionId])).stderr).not.toMatch(/[^\P{C}\n]/u)
  })

  test('is escaped in JSON, and reads back as it was', async () => {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: action({ explanation: evil }) })
    const { stdout } = await api.run(['get', actionId, '-o', 'json'])
    expect(stdout).not.toMatch(/[^\P{C}\n]/u)
    expect(JSON.parse(stdout)).toEqual(action({ explanation: evil }))
  })
})

describe('colour', () => {
  async function isColored(env: NodeJS.ProcessEnv, tty: boolean): Promise<boolean> {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: action() })
    const { stdout } = await api.run(['get', actionId], { env, tty })
    await api.close()
    return stdout.includes(esc)
  }

  test('is for terminals alone', async () => {
    expect(await isColored({}, true)).toBe(true)
    expect(await isColored({}, false)).toBe(false)
  })

  test.each([
    { NO_COLOR: '1' },
    { CI: 'true' },
    { TERM: 'dumb' },
    { NO_COLOR: '1', FORCE_COLOR: '1' },
    { FORCE_COLOR: '0' },
  ])('is not for a terminal with %j', async (env) => expect(await isColored(env, true)).toBe(false))

  test('can be had anywhere with FORCE_COLOR', async () => {
    expect(await isColored({ FORCE_COLOR: '1', CI: '1' }, false)).toBe(true)
  })

  test('is never in JSON', async () => {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: action() })
    const { stdout } = await api.run(['get', actionId, '-o', 'json'], { tty: true })
    expect(stdout).not.toContain(esc)
  })
})
