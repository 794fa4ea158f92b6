import { setTimeout as pause } from 'node:timers/promises'
import { authenticate } from '../src/control-plane/authenticate.js'
import { castVote } from '../src/control-plane/cast-vote.js'
import { getAction } from '../src/control-plane/get-action.js'
import type { Governed } from './governed.js'
import type { Systems } from './systems.js'

export interface VoteTimes {
  /** From the call that casts the vote to the line in the downstream's file, in milliseconds. */
  readonly fromCast: readonly number[]
  /** From the vote's time in the ledger. */
  readonly fromRecord: readonly number[]
}

const overTheLimit = 60_000

/** How long an approved effect takes after the vote. */
export async function voteToEffect({ effects, tokens }: Systems, governed: Governed, runs: number): Promise<VoteTimes> {
  const times = { fromCast: [] as number[], fromRecord: [] as number[] }
  for (let run = 0; run < runs; run += 1) {
    const item = `vote-${run}`
    const held = await untilHeld(governed, item, tokens.people.ann)
    // A person takes a while, and the workflow has come to rest by then.
    await pause(50)
    const ann = await authenticate(governed.plane, tokens.people.ann, true)
    const cast = performance.timeOrigin + performance.now()
    const vote = { vote: 'approve', reason: 'bench', method: 'bench', envelope_digest: held.envelope_digest } as const
    const approval = await castVote(governed.plane, ann, held.id, vote)
    const done = await getAction(governed.plane, ann, approval.action_id, 10_000)
    if (done.outcome !== 'succeeded') throw new Error(`an approved action ended ${done.outcome}: ${done.explanation}`)
    const answer = await fetch(`${effects}/effects?item=${item}`)
    const [effect, ...more] = (await answer.json()) as { at: number }[]
    if (!effect || more.length > 0) throw new Error(`${item} had ${more.length + (effect ? 1 : 0)} effects`)
    times.fromCast.push(effect.at - cast)
    times.fromRecord.push(effect.at - Date.parse(approval.votes[0]?.at ?? ''))
  }
  return times
}

async function untilHeld(governed: Governed, item: string, token: string | undefined) {
  const asked = await governed.act('bench_write', { item, amount_cents: overTheLimit }, 0)
  for (let look = 0; look < 200; look += 1) {
    const ann = await authenticate(governed.plane, token, false)
    const { approval } = await getAction(governed.plane, ann, asked.id)
    if (approval) return approval
    await pause(10)
  }
  throw new Error(`${asked.id} was not held for approval`)
}
