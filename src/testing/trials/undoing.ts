import { promiseFor } from '../../domain/execution.js'
import type { JsonObject } from '../../domain/json.js'
import { untilReadable } from '../lost-runs.js'
import { outputOfNothing } from '../never-output.js'
import { openStage, type Stage } from '../stage.js'
import { falseFinding } from '../told-truth.js'
import { hold, NotApplicable } from '../trial.js'
import { requireKeys } from './calls.js'
import { changes, type ToolTrial, type TrialSetting } from './trial-of.js'

/** A stage on which the call was made, with its output. */
async function done(setting: TrialSetting): Promise<{ stage: Stage; output: JsonObject }> {
  if (!setting.tool.compensate) throw new NotApplicable('it is irreversible')
  const stage = await openStage(setting)
  const { output, detail } = await stage.execute()
  hold(output !== null, `a plain call did not go through: ${detail}`)
  if (typeof (await setting.check.world.effects(stage.args)) === 'number')
    throw new NotApplicable('effects of the world is a number: it does not count what was undone')
  return { stage, output }
}

const undoClass = ({ tool: { contract } }: Pick<Stage, 'tool'>) => promiseFor(contract, 'compensate').class

async function requireUndone(stage: Stage, what: string, times = 1): Promise<void> {
  const { made, undone } = await stage.count()
  hold(undone === times, `${what}: it was undone ${undone} times`)
  hold(made === 1, `${what}: it was done ${made - 1} times more`)
}

export const undoTrials: readonly ToolTrial[] = [
  {
    name: 'undoing takes it back, and verification says so',
    appliesTo: changes,
    carryOut: async (setting) => {
      const { stage, output } = await done(setting)
      const { effect, detail } = await stage.compensate(output)
      hold(effect === 'committed', `undoing came to ${effect}: ${detail}`)
      await requireUndone(stage, 'undone')
      await untilReadable(stage, 'compensate')
      const wrong = falseFinding(await stage.verifyUndone(output), true, undoClass(stage))
      hold(wrong === null, `of the undoing, ${wrong}`)
    },
  },
  {
    name: 'undoing twice takes it back once',
    appliesTo: changes,
    carryOut: async (setting) => {
      const { stage, output } = await done(setting)
      requireKeys(stage, undoClass(stage))
      for (const key of ['undo', 'undo', 'undo-again']) await stage.compensate(output, { key: `${stage.key}-${key}` })
      await requireUndone(stage, 'undone with one key, with that again, and with another')
    },
  },
  {
    name: 'where an answer of undoing gets lost, undoing again takes it back once',
    appliesTo: changes,
    carryOut: async (setting) => {
      const first = await done(setting)
      requireKeys(first.stage, undoClass(first.stage))
      if (!setting.relay) throw new NotApplicable('the world names no relay, so nothing can get lost')
      const { exchanges } = await first.stage.compensate(first.output)
      for (let at = 1; at <= exchanges; at += 1) {
        const { stage, output } = await done(setting)
        const lost = await stage.compensate(output, { plan: { at, how: 'lose-answer' } })
        const { undone } = await stage.count()
        const what = `answer ${at} of ${exchanges} lost`
        hold(lost.effect !== 'committed' || undone === 1, `${what}: it said that it was undone, and it was not`)
        hold(lost.effect !== 'not-committed' || undone === 0, `${what}: a definite no, though it was undone`)
        await stage.compensate(output)
        await requireUndone(stage, what)
      }
    },
  },
  {
    name: 'undoing what never happened changes nothing',
    appliesTo: changes,
    carryOut: async (setting) => {
      const { stage: other, output } = await done(setting)
      const stage = await openStage(setting)
      await stage.compensate(outputOfNothing(stage.tool, output, other.args, stage.args))
      for (const each of [stage, other]) {
        const { undone } = await each.count()
        hold(undone === 0, `it was undone ${undone} times`)
      }
      const { made } = await stage.count()
      const same = JSON.stringify(stage.args) === JSON.stringify(other.args)
      hold(made === 0, `${same ? 'with the same arguments ' : ''}it was done ${made} times`)
    },
  },
]
