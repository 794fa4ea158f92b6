import type { Tool } from '../contract/tool.js'
import type { ToolCheck } from '../contract/tool-checks.js'
import { ExequaturError } from '../domain/errors.js'
import { requireCredentials } from './credentials.js'
import { lend } from './environment.js'
import { type LostRun, loseEach } from './lost-runs.js'
import { openRelay } from './relay.js'
import { describeReport, type ToolReport } from './tool-report.js'
import { DoesNotHold, NotApplicable, type TrialResult } from './trial.js'
import { abortTrials } from './trials/aborts.js'
import { callTrials } from './trials/calls.js'
import { listTrial, lookTrials, observedTrial } from './trials/looks.js'
import { lossTrials } from './trials/losses.js'
import { secrecyTrial } from './trials/secrecy.js'
import type { ToolTrial, TrialSetting } from './trials/trial-of.js'
import { undoTrials } from './trials/undoing.js'

const trials: readonly ToolTrial[] = [
  ...callTrials,
  ...lookTrials,
  observedTrial,
  ...lossTrials,
  ...abortTrials,
  ...undoTrials,
  listTrial,
  secrecyTrial,
]

/**
 * Tries on a tool's real code what its contract promises, against the downstream of the world: nothing is faked, every
 * call is made. Trials run one after another, with the world's `env` in this process's environment. Throws `EXQ-7011`
 * where the world does not allow a check; what does not hold is in the report.
 */
export async function checkTool(tool: Tool, check: ToolCheck): Promise<ToolReport> {
  const { world } = check
  requireCredentials(tool, world)
  const relay = world.relay?.length ? await openRelay(world.env ?? {}, world.relay) : null
  const takeBack = lend(relay?.env ?? world.env ?? {})
  let runs: Promise<readonly LostRun[]> | undefined
  const setting: TrialSetting = {
    ...{ tool, check, relay, said: [], secrets: new Set(), endings: new Set() },
    lostRuns: () => {
      runs ??= loseEach(setting)
      return runs
    },
  }
  try {
    const results: TrialResult[] = []
    for (const trial of trials) if (trial.appliesTo(tool.contract)) results.push(await carryOut(trial, setting))
    const { name, version, downstream } = tool.contract
    const failed = results.filter(({ result }) => result === 'does not hold')
    return { tool: name, version, class: downstream.class, trials: results, failed }
  } finally {
    await Promise.all(setting.endings)
    takeBack()
    await relay?.close()
  }
}

/** As {@link checkTool}, and throws `EXQ-7012` with the whole report if anything does not hold. */
export async function assertTool(tool: Tool, check: ToolCheck): Promise<ToolReport> {
  const report = await checkTool(tool, check)
  if (report.failed.length > 0) throw new ExequaturError('EXQ-7012', describeReport(report))
  return report
}

async function carryOut({ name: trial, carryOut }: ToolTrial, setting: TrialSetting): Promise<TrialResult> {
  try {
    await carryOut(setting)
    return { trial, result: 'holds', seen: null }
  } catch (error) {
    if (error instanceof NotApplicable) return { trial, result: 'not applicable', seen: error.message }
    if (error instanceof DoesNotHold) return { trial, result: 'does not hold', seen: error.message }
    const seen = `it could not be carried out: ${error instanceof Error ? error.message : String(error)}`
    return { trial, result: 'does not hold', seen }
  } finally {
    setting.relay?.arm(null)
  }
}
