import { falseClaim, falseFinding } from '../told-truth.js'
import { hold } from '../trial.js'
import { changes, type ToolTrial, type TrialSetting } from './trial-of.js'

async function told(setting: TrialSetting, how: 'lose-request' | 'lose-answer'): Promise<void> {
  const { class: promised } = setting.tool.contract.downstream
  for (const { what, called, made, looked, ...run } of await setting.lostRuns()) {
    if (run.how !== how) continue
    const wrong = falseClaim(called, made) ?? falseFinding(looked, made > 0, promised)
    hold(wrong === null, `${what}: ${wrong}`)
  }
}

export const lossTrials: readonly ToolTrial[] = [
  {
    name: 'where a request gets lost, neither the call nor verification says anything untrue',
    appliesTo: changes,
    carryOut: (setting) => told(setting, 'lose-request'),
  },
  {
    name: 'where an answer gets lost, neither the call nor verification says anything untrue',
    appliesTo: changes,
    carryOut: (setting) => told(setting, 'lose-answer'),
  },
  {
    name: 'settled as its class allows, a lost call ends with the effects that its class promises',
    appliesTo: changes,
    carryOut: async (setting) => {
      const { class: promised } = setting.tool.contract.downstream
      for (const { what, settled, again } of await setting.lostRuns()) {
        hold(settled <= 1, `${what}: ${settled} effects in the end`)
        if (promised === 'neither') continue
        hold(settled === 1, `${what}: no effect in the end${again ? ` (${again.detail})` : ''}`)
      }
    },
  },
]
