import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from 'exequatur/dev'
import { apiOf } from './clients/api.js'
import { openJournal } from './clients/journal.js'
import { isOfLaterAttempt, matrixCases, processAt } from './matrix-cases.js'
import type { CampaignStack } from './stack/open-stack.js'

const tools = { keyed: 'pay_by_key', queryable: 'pay_by_reference', blind: 'pay_blindly' } as const
const tenant = 'acme'

/** Carries out the matrix, one case after the other; resolves to what ends the executor. Whoever judges reads the journals. */
export async function runMatrix(
  stack: CampaignStack,
  start: Readonly<Record<'server' | 'executor', (env: NodeJS.ProcessEnv) => Promise<Child>>>,
  share: number,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  const client = openJournal(join(stack.home, 'clients', 'matrix.jsonl'))
  const faults = openJournal(join(stack.home, 'faults.jsonl'))
  const api = apiOf(stack.api, stack.tokens[tenant]?.agents.payer_1 ?? '')
  const processes = { server: stack.server as Child, executor: await start.executor({}) }
  const cases = matrixCases(share)
  for (const [index, { point, system, amount, times }] of cases.entries()) {
    const who = processAt(point)
    const subject = `matrix_${index}`
    const undone = /^(undo|halt)[.]/.test(point)
    const steps = [subject, ...(undone ? [`${subject}_refused`] : [])].map((each, nth) => ({
      id: `step${nth + 1}`,
      system,
      tool: tools[system],
      subject: each,
      amount,
    }))
    if (isOfLaterAttempt(point))
      await stack.downstream.rule({ subject, call: 'effect', mode: 'reset-unapplied', times: 1 })
    await replace(who, { EXEQUATUR_CRASH_AT: point })
    client.write({ kind: 'asking', tenant, agent: 'payer_1', request_id: subject, steps })
    let id: string | null = null
    const asking = ask(subject, steps).then((action) => {
      id = action
    })
    for (let death = 1; death <= times; death += 1) {
      const died = await deathOf(who, 25_000, () => id)
      // Whoever judges asks each point for its deaths.
      if (!died) break
      faults.write({ kind: 'killed', who, pid: died, why: point, death })
      await replace(who, death < times ? { EXEQUATUR_CRASH_AT: point } : {})
    }
    if (processes[who]) await replace(who, {})
    await asking
    if (index % 20 === 19) say(`${index + 1} of ${cases.length} crash cases`)
  }
  client.close()
  return () => processes.executor.stop()

  async function replace(who: 'server' | 'executor', env: NodeJS.ProcessEnv): Promise<void> {
    processes[who].kill('SIGKILL')
    await processes[who].exited
    processes[who] = await start[who](env)
  }

  async function ask(request_id: string, steps: readonly { tool: string; subject: string; amount: number }[]) {
    for (;;) {
      const said = await api('POST', '/v1/actions', {
        plan: { steps: steps.map(({ tool, subject, amount }) => ({ tool, args: { subject, amount_cents: amount } })) },
        context: { request_id },
      })
      const action_id = said.status === 200 || said.status === 202 ? String(said.body.id) : null
      client.write({ kind: 'answered', tenant, request_id, status: said.status, action_id, code: null })
      if (said.status !== null && said.status < 500) return action_id
      await pause(300)
    }
  }

  /** The pid of the process once it has died by itself; null if the action ended, or the time was over, before. */
  async function deathOf(who: 'server' | 'executor', ms: number, id: () => string | null): Promise<number | null> {
    const { pid, exited } = processes[who]
    const until = performance.now() + ms
    let ended = false
    for (;;) {
      const died = await Promise.race([exited.then(() => true), pause(300, false)])
      if (died) return pid
      // What comes after the ending, as its seal, takes a moment more.
      if (ended && performance.now() > until - ms + 6_000) return null
      if (performance.now() > until) return null
      const action = id()
      if (action) ended = ((await api('GET', `/v1/actions/${action}`)).body.outcome ?? null) !== null
    }
  }
}
