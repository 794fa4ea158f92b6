import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'
import { action, actionId, approvalId, ended, held, step } from './cli-samples.js'
import { exqArgv, type InTerminal, inTerminal, isHere } from './in-terminal.js'
import { screenOf } from './screen.js'

const get = `GET /v1/actions/${actionId}`
const now = (agoMs: number) => new Date(Date.now() - agoMs).toISOString()
const ui = 'http://127.0.0.1:8233/namespaces/default/workflows/x'
const workflow = { id: `acme/${actionId}`, run_id: 'run', ui }
const running = action({
  admitted_at: now(5_000),
  steps: [
    { ...step('done'), effect: 'committed', began_at: now(4_000), settled_at: now(2_500) },
    { ...step('running'), id: 'step2', tool: 'send_email', began_at: now(2_000) },
    { ...step('waiting'), id: 'step3' },
  ],
  workflow,
})
const over = { ...ended('succeeded'), workflow }

let api: ApiServer
let terminal: InTerminal | undefined
afterEach(async () => {
  await terminal?.end()
  terminal = undefined
  await api.close()
})

async function watch(answers: Answers, options: readonly string[] = [], columns = 100) {
  api = await startApi(answers)
  const env = { EXEQUATUR_API: api.url, EXEQUATUR_TOKEN: 'exq_acme_token' }
  terminal = inTerminal([...exqArgv, 'watch', actionId, '--interval', '0.1', ...options], { env, columns })
  return terminal
}

/** Answers each of these until it is told to go on. */
function story(...views: unknown[]) {
  const rest = [...views]
  return { answer: () => rest[0], goOn: () => rest.shift() }
}

describe.skipIf(!isHere('python3'))('watch, in a terminal', () => {
  test('draws where the action is in one place, until it ends', async () => {
    const { answer, goOn } = story({ ...held, workflow }, running, over)
    const shown = await watch({ [get]: answer })
    await shown.shows(`● approval  ${approvalId}: finance 1`)
    await shown.shows(`exq approve ${approvalId}`)
    goOn()
    await shown.shows(/● step2 send_email[\s\S]*○ step3 refund_invoice {2}waiting/)
    const screen = screenOf(shown.written())
    expect(screen.filter((line) => line.includes(actionId))).toHaveLength(1)
    expect(screen).toContainEqual(expect.stringMatching(/^✓ step1 refund_invoice {2}done {8}1\.5 s$/))
    expect(screen).toContainEqual(expect.stringMatching(/^● step2 send_email {6}running {5}\d+(\.\d)? s$/))
    expect(screen).toContainEqual('○ step3 refund_invoice  waiting')
    expect(screen.join('\n')).not.toContain('● approval')
    goOn()
    expect(await shown.exited).toBe(0)
    const end = screenOf(shown.written())
    expect(end.filter((line) => line.startsWith(actionId))).toEqual([`${actionId}  succeeded  1 s`])
    expect(end).toContain(`succeeded after 1 s. The whole story: \`exq trail ${actionId}\`.`)
    expect(end).toContain(`In Temporal: ${ui}`)
  })

  test('tells by its exit code how it ended, and says what to do next', async () => {
    const shown = await watch({ [get]: ended('denied') })
    expect(await shown.exited).toBe(3)
    expect(screenOf(shown.written()).join('\n')).toMatch(/EXQ-3001 .*\nNext: /)
  })

  test('leaves out what is done, or has not begun, with --compact', async () => {
    const { answer, goOn } = story(running, over)
    const shown = await watch({ [get]: answer }, ['--compact'])
    await shown.shows('1 of 3 steps are done')
    const screen = screenOf(shown.written()).join('\n')
    expect(screen).toContain('● step2')
    expect(screen).not.toMatch(/step1|step3/)
    goOn()
    await shown.exited
  })

  test('stays in its place where the terminal is narrow, or what is told is long', async () => {
    const decision = { ...held.decision, explanation: `${'very '.repeat(60)}long 漢字漢字` } as typeof held.decision
    const { answer, goOn } = story({ ...held, decision }, { ...held, decision, revision: 2 }, over)
    const shown = await watch({ [get]: answer }, [], 40)
    await shown.shows('approval')
    goOn()
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const screen = screenOf(shown.written(), 40)
    expect(screen.filter((line) => line.includes('approval  '))).toHaveLength(1)
    goOn()
    await shown.exited
  })

  test('lets nothing that came from elsewhere act on the terminal', async () => {
    const evil = '\u001b[2Jx\u001b]8;;http://evil\u0007\r\u202e'
    const decision = { ...held.decision, explanation: evil } as typeof held.decision
    const { answer, goOn } = story({ ...held, decision, request_id: evil }, ended('failed'))
    const shown = await watch({ [get]: answer })
    await shown.shows('approval')
    goOn()
    await shown.exited
    for (const act of ['\u001b[2J', '\u001b]8', '\u202e']) expect(shown.written()).not.toContain(act)
    expect(shown.written()).toContain('\\u{1b}[2Jx\\u{1b}]8;;http://evil\\u{7}\\u{d}\\u{202e}')
  })
})

describe('watch, where nobody can see it move', () => {
  test.each([{ CI: 'true' }, { TERM: 'dumb' }])('tells changes a line each with %j', async (env) => {
    const { answer, goOn } = story(ended('succeeded'))
    api = await startApi({ [get]: answer })
    const { code, stdout, stderr } = await api.run(['watch', actionId], { tty: true, env })
    goOn()
    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001b')
    expect(stdout.trim().split('\n').at(-1)).toBe('succeeded: So it ended.')
    expect(stderr).toBe(`succeeded after 1 s. The whole story: \`exq trail ${actionId}\`.\n`)
  })

  test('takes a pace that is one', async () => {
    api = await startApi({})
    for (const pace of ['0', 'x', '-1', '1e9']) {
      const { code, stderr } = await api.run(['watch', actionId, '--interval', pace])
      expect(code).toBe(2)
      expect(stderr).toContain('0.1 to 3600 seconds')
    }
  })
})
