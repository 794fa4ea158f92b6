import { openStage, type Stage } from '../stage.js'
import { falseClaim } from '../told-truth.js'
import { hold, NotApplicable } from '../trial.js'
import { all, changes, reads, type ToolTrial } from './trial-of.js'

/** Refuses where repeats of a key are not promised to be one request. */
export function requireKeys({ tool }: Pick<Stage, 'tool'>, promised = tool.contract.downstream.class): void {
  if (promised !== 'idempotent-by-key')
    throw new NotApplicable(`the class ${promised} does not promise it, and an executor does not rely on it`)
}

const largestOutput = 256 * 1_024

export const callTrials: readonly ToolTrial[] = [
  {
    name: 'a call succeeds, and its output fits the contract',
    appliesTo: all,
    carryOut: async (setting) => {
      const { effect, output, detail } = await (await openStage(setting)).execute()
      hold(effect === 'committed', `a plain call came to ${effect}: ${detail}`)
      const size = Buffer.byteLength(JSON.stringify(output))
      hold(size <= largestOutput, `the output has ${size} bytes; ${largestOutput} are kept`)
    },
  },
  {
    name: 'a read changes nothing',
    appliesTo: reads,
    carryOut: async (setting) => {
      const stage = await openStage(setting)
      await stage.execute()
      await stage.execute()
      const { made, undone } = await stage.count()
      hold(made === 0 && undone === 0, `two reads had ${made + undone} effects`)
    },
  },
  {
    name: 'one call has one effect',
    appliesTo: changes,
    carryOut: async (setting) => {
      const stage = await openStage(setting)
      const called = await stage.execute()
      const { made } = await stage.count()
      const wrong = falseClaim(called, made)
      hold(wrong === null, wrong ?? '')
      hold(made === 1, `one call had ${made} effects: ${called.detail}`)
    },
  },
  {
    name: 'two calls with one key have one effect',
    appliesTo: changes,
    carryOut: async (setting) => {
      requireKeys(setting)
      const stage = await openStage(setting)
      const first = await stage.execute()
      const second = await stage.execute()
      const { made } = await stage.count()
      hold(made === 1, `two calls with one key had ${made} effects`)
      hold(second.effect !== 'not-committed', `the repeated call gave a definite no: ${second.detail}`)
      const [one, other] = [first, second].map(({ output }) => JSON.stringify(output))
      hold(second.output === null || one === other, `the repeated call answered ${other}, and the first ${one}`)
    },
  },
  {
    name: 'two calls with one key at the same time have one effect',
    appliesTo: changes,
    carryOut: async (setting) => {
      requireKeys(setting)
      const stage = await openStage(setting)
      const both = await Promise.all([stage.execute(), stage.execute()])
      const { made } = await stage.count()
      hold(made === 1, `two calls with one key had ${made} effects`)
      const no = both.find(({ effect }) => effect === 'not-committed')
      hold(!no, `one of them gave a definite no (${no?.detail}), though it happened`)
    },
  },
]
