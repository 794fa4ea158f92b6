import type { Tool } from '../../contract/tool.js'
import type { DownstreamClass } from '../../domain/contract.js'
import { hold, NotApplicable } from '../../testing/trial.js'
import type { SeenAction } from '../client.js'
import type { Guarantee } from '../guarantee.js'
import { keepInTheCall } from '../in-the-call.js'
import { type Asked, told, type Venue } from '../venue.js'

/** A call whose executor was killed. */
export interface Killed {
  readonly asked: Pick<Asked, 'made'>
  /** Effects when the executor was killed, whose call then had no answer. */
  readonly madeThen: number
  readonly action: Promise<SeenAction>
}

const settledWithinS = 75

/**
 * Brings one call of every tool to where its effect is made and its answer is not yet there, kills the executor, and starts
 * another. What becomes of the calls is waited for later.
 */
async function killInTheCall(venue: Venue): Promise<ReadonlyMap<string, Killed | string>> {
  const found = new Map<string, Asked | string>()
  const held: (() => void)[] = []
  for (const subject of venue.subjects.filter(({ tool }) => tool.effect !== 'none')) {
    const { name } = subject.tool.contract
    const asked = await venue.ask(subject)
    if (!asked.id) {
      found.set(name, told(asked))
      continue
    }
    const { reached, pass } = keepInTheCall(venue, asked)
    held.push(pass)
    await venue.approve(asked)
    await reached(async () => (await venue.now(asked)).outcome !== null)
    found.set(name, asked)
  }
  const killed = new Map<string, Killed | string>()
  venue.stack.executor.kill('SIGKILL')
  await venue.stack.executor.exited
  for (const pass of held.splice(0)) pass()
  for (const [name, asked] of found)
    killed.set(
      name,
      typeof asked === 'string'
        ? asked
        : { asked, madeThen: await asked.made(), action: venue.ended(asked, settledWithinS) },
    )
  await venue.stack.executor.restart()
  return killed
}

/** A line for each tool, of what the one kill came to. */
export function kills(tools: readonly Tool[]): readonly Guarantee[] {
  let all: ReturnType<typeof killInTheCall> | undefined
  return tools.map(({ contract: { name, downstream } }) => ({
    of: 'G3',
    name: `${name} (${downstream.class}): the executor killed in the call, it has one effect, and is told as it is`,
    begin: async (venue) => {
      all ??= killInTheCall(venue)
      await all.catch(() => undefined)
    },
    carryOut: async () => {
      const killed = (await all)?.get(name)
      if (!killed || typeof killed === 'string') throw new NotApplicable(killed ?? 'it could not be asked for')
      await judgeKilled(killed, downstream.class)
    },
  }))
}

/** Throws where it does not hold, and `NotApplicable` where the executor was not in the call when it was killed. */
export async function judgeKilled({ asked, madeThen, action }: Killed, promised: DownstreamClass): Promise<void> {
  const soFar = await asked.made()
  hold(soFar <= 1, `it had ${soFar} effects`)
  const { outcome, decision, explanation } = await action
  const made = await asked.made()
  hold(made <= 1, `it had ${made} effects`)
  if (made === 1) hold(outcome !== 'failed' && outcome !== 'denied', `it ended ${outcome}, though it happened`)
  if (made === 0) hold(outcome !== 'succeeded', 'it succeeded, and nothing happened')
  if (madeThen === 0) {
    const why = decision?.result === 'deny' ? 'it is denied' : 'its effect was not made when the executor was killed'
    throw new NotApplicable(explanation ? `${why}: ${explanation}` : why)
  }
  // Only a person settles what nobody can be asked about.
  if (promised === 'neither') return
  const ended = outcome === null ? 'not ended' : `ended ${outcome}`
  hold(outcome === 'succeeded', `${settledWithinS} s later it has ${ended}`)
  hold(made === 1, `it succeeded with ${made} effects`)
}
