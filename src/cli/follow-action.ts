import { setTimeout as sleep } from 'node:timers/promises'
import type { ActionView } from '../control-plane/action-view.js'
import { tellRequirements } from '../domain/policy.js'
import type { Api } from './api.js'
import { CliError } from './cli-error.js'
import type { Output } from './output.js'
import { howToDecide, standingOf, waitsForPeople } from './show-action.js'

// A server answers a wait of this length in one piece; longer ones are asked for again.
const longestWait = 20
// Most actions end sooner; the others have something to tell by then.
const shortWait = 2
const pauseMs = 500
const giveUpAfterMs = 60_000

/** The first of several waits, in seconds, which goes with the call itself. */
export function firstWait(wait: number): number {
  return Math.min(wait, shortWait)
}

/** Resolves to the action when it has ended, or as it is at the deadline (as `Date.now()` counts). */
export async function waitForEnding(
  { api, output }: { readonly api: Api; readonly output: Output },
  action: ActionView,
  deadline: number,
): Promise<ActionView> {
  let present = action
  let told = false
  for (;;) {
    const left = deadline - Date.now()
    if (present.outcome || left <= 0) return present
    if (!told && waitsForPeople(present)) output.say(howToDecide(present))
    told ||= waitsForPeople(present)
    output.status(`${standingOf(present)} ...`)
    await sleep(Math.min(left, pauseMs / 2))
    const wait = told ? longestWait : shortWait
    present = await patiently(() => api.getAction(action.id, Math.min(left / 1_000, wait)))
  }
}

/** Gives the action at every change until it has ended. */
export async function* changesOf(api: Api, id: string, intervalMs: number): AsyncGenerator<ActionView> {
  let seen = ''
  for (;;) {
    const action = await patiently(() => api.getAction(id))
    const state = JSON.stringify(action)
    if (state !== seen) yield action
    if (action.outcome) return
    seen = state
    await sleep(intervalMs)
  }
}

/** What is new in an action, a line for each thing. */
export function tellChanges(before: ActionView | null, after: ActionView): string[] {
  const lines: string[] = []
  if (before?.stage !== after.stage && !after.outcome) lines.push(standingOf(after))
  if (after.decision && before?.decision?.result !== after.decision.result) {
    lines.push(`policy: ${after.decision.result}. ${after.decision.explanation}`)
  }
  const { approval } = after
  if (approval && before?.approval?.id !== approval.id) {
    lines.push(`approval ${approval.id}: ${tellRequirements(approval.requirements)}, until ${approval.expires_at}`)
  }
  const known = before?.approval?.id === approval?.id ? (before?.approval?.votes.length ?? 0) : 0
  for (const { vote, approver, reason } of approval?.votes.slice(known) ?? []) {
    lines.push(`${vote} by ${approver}${reason ? `: ${reason}` : ''}`)
  }
  for (const step of after.steps) {
    const was = before?.steps.find(({ id }) => id === step.id)
    if ((was?.status ?? 'waiting') !== step.status) lines.push(`${step.id} ${step.tool}: ${step.status}`)
  }
  if (after.outcome) lines.push(`${after.outcome}: ${after.explanation ?? ''}`.replace(/: $/, ''))
  return lines
}

/** A server that restarts, or asks for patience, is asked again for a while. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const since = Date.now()
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const passing = error instanceof CliError && ['EXQ-7006', 'EXQ-1108'].includes(error.shown.code)
      if (!passing || Date.now() - since > giveUpAfterMs) throw error
      await sleep(2 * pauseMs)
    }
  }
}
