import type { Contract } from '../../domain/contract.js'
import { untilReadable } from '../lost-runs.js'
import { openStage } from '../stage.js'
import { falseFinding } from '../told-truth.js'
import { hold, NotApplicable } from '../trial.js'
import { changes, type ToolTrial } from './trial-of.js'

export const lookTrials: readonly ToolTrial[] = [
  {
    name: 'verification does not say that it happened before it did',
    appliesTo: changes,
    carryOut: async (setting) => {
      const stage = await openStage(setting)
      const looked = await stage.verify(null)
      const { made } = await stage.count()
      hold(made === 0, `looking had ${made} effects`)
      const wrong = falseFinding(looked, false, stage.tool.contract.downstream.class)
      hold(wrong === null, wrong ?? '')
    },
  },
  {
    name: 'verification says that it happened, with the output and without it',
    appliesTo: changes,
    carryOut: async (setting) => {
      const stage = await openStage(setting)
      const { output, detail } = await stage.execute()
      hold(output !== null, `a plain call did not go through: ${detail}`)
      await untilReadable(stage)
      const withOutput = await stage.verify(output)
      hold(withOutput.found === 'committed', `with the output it says ${withOutput.found}${because(withOutput.error)}`)
      const without = await stage.verify(null)
      const wrong = falseFinding(without, true, stage.tool.contract.downstream.class)
      hold(wrong === null, `without the output: ${wrong}`)
      const { made } = await stage.count()
      hold(made === 1, `looking had ${made - 1} further effects`)
    },
  },
]

/** Says that it was not tried: a check makes the call of one tool, and no observation before it. */
export const observedTrial: ToolTrial = {
  name: 'what is found is what the contract promises of what was observed',
  appliesTo: (contract) => changes(contract) && restsOnObserved(contract),
  carryOut: () =>
    Promise.reject(
      new NotApplicable('nothing is observed in this check; in `exq verify` the whole action is carried out'),
    ),
}

function restsOnObserved({ postcondition = {}, touches }: Contract): boolean {
  const pointers = Object.values(postcondition).flatMap((expected) => ('equals' in expected ? [expected.equals] : []))
  return touches !== undefined || pointers.some((pointer) => pointer.startsWith('/observed/'))
}

export const listTrial: ToolTrial = {
  name: 'its list of effects has what was done, under its key, and not what was undone',
  appliesTo: changes,
  carryOut: async (setting) => {
    const { tool } = setting
    if (!tool.listEffects) throw new NotApplicable('it lists no effects')
    const since = new Date(Date.now() - spanMs)
    const stage = await openStage(setting)
    const listed = async () => (await stage.listEffects({ since, until: new Date(Date.now() + spanMs) })).length
    hold((await listed()) === 0, 'it lists an effect of a call that was not made')
    const { output } = await stage.execute()
    await untilReadable(stage)
    const times = await listed()
    hold(times === 1, `it lists the effect of one call ${times} times`)
    if (!output || !tool.compensate) return
    await stage.compensate(output)
    await untilReadable(stage, 'compensate')
    hold((await listed()) === 0, 'it still lists what was undone')
  },
}

const spanMs = 60_000
const because = (error: string | null) => (error === null ? '' : `: ${error}`)
