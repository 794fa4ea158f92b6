import { setTimeout as pause } from 'node:timers/promises'
import { promiseFor } from '../domain/execution.js'
import type { Phase } from '../domain/lifecycle.js'
import type { Looked } from './looked.js'
import type { Called, Setting, Stage } from './stage.js'
import { openStage } from './stage.js'
import { hold, NotApplicable } from './trial.js'

/** One call that was interfered with, and how it was settled afterwards as its class allows. */
export interface LostRun {
  readonly how: 'lose-request' | 'lose-answer'
  /** `answer 2 of 3`. */
  readonly what: string
  readonly called: Called
  readonly made: number
  readonly looked: Looked
  /** Effects in the end. */
  readonly settled: number
  /** The last try, where it was tried again. */
  readonly again: Called | null
}

const triesAgain = 3
const betweenTries = 200

/** A call of which each request, then each answer, gets lost in turn, every one on a stage of its own. */
export async function loseEach(setting: Setting): Promise<readonly LostRun[]> {
  const exchanges = await exchangesOf(setting)
  const runs: LostRun[] = []
  for (const how of ['lose-request', 'lose-answer'] as const) {
    for (let at = 1; at <= exchanges; at += 1) {
      const stage = await openStage(setting)
      const called = await stage.execute({ plan: { at, how } })
      const { made } = await stage.count()
      await untilReadable(stage)
      const looked = await stage.verify(null)
      const again = await sendAgain(stage, looked)
      const settled = (await stage.count()).made
      const what = `${how === 'lose-request' ? 'request' : 'answer'} ${at} of ${exchanges} lost`
      runs.push({ how, what, called, made, looked, settled, again })
    }
  }
  return runs
}

/** How many exchanges a call has when nothing interferes. */
export async function exchangesOf(setting: Setting): Promise<number> {
  if (!setting.relay) throw new NotApplicable('the world names no relay, so nothing can get lost')
  const { exchanges } = await (await openStage(setting)).execute()
  hold(exchanges > 0, 'nothing of the call went through the relay: the tool does not go where env says')
  return exchanges
}

/** Does what an executor may do after an unknown outcome. */
async function sendAgain(stage: Stage, looked: Looked): Promise<Called | null> {
  const { class: promised } = stage.tool.contract.downstream
  if (promised === 'neither') return null
  if (promised === 'queryable') return looked.found === 'not-committed' ? stage.execute() : null
  for (let tries = 1; ; tries += 1) {
    const again = await stage.execute()
    // A downstream may say for a moment that the first request is still at work.
    if (again.effect !== 'unknown' || tries === triesAgain) return again
    await pause(betweenTries)
  }
}

/** A look-up may show what a call changed only after a while, where the contract says so of calls of this phase. */
export async function untilReadable({ tool }: Pick<Stage, 'tool'>, phase: Phase = 'execute'): Promise<void> {
  await pause(promiseFor(tool.contract, phase).read_after_write_ms ?? 0)
}
