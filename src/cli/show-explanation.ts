import type { ActionExplanation, DecisionExplanation } from '../control-plane/explain-action.js'
import type { PolicyView } from '../control-plane/policy-view.js'
import type { SimulatedStep, Simulation } from '../control-plane/simulate-policies.js'
import { tellRequirements } from '../domain/policy.js'
import type { Paint } from './output.js'

/** What the policy would say, for people: the answer, step by step with its policies, and what it rests on. */
export function renderSimulation(simulation: Simulation, paint: Paint): string {
  const { facts, present, revision, policy_digest, problems } = simulation
  const under = revision === null ? `the draft ${policy_digest}` : `set ${revision}, ${policy_digest}`
  const lines = [`${paintResult(simulation.result, paint)}  under ${under}`]
  lines.push(...problems.map(({ code, pointer, message }) => `  ${code} ${pointer}: ${message}`))
  for (const step of simulation.steps) lines.push(...stepLines(step, paint))
  const { calls, read_untrusted, read_sensitive } = facts.session
  const counts = Object.entries(facts.approvals.counts).filter(([, count]) => count > 0)
  lines.push(
    '',
    paint.dim('What it rests on'),
    `  session    ${calls} calls before, read untrusted text: ${yes(read_untrusted)}, sensitive data: ${yes(read_sensitive)} (from the ledger)`,
    `  approvals  ${counts.map(([group, count]) => `${group} ${count}`).join(', ') || 'none'}${facts.approvals.from === 'given' ? ' (given)' : ''}`,
    `  observed   ${facts.observed.from === 'given' ? JSON.stringify(facts.observed.by_step) : 'nothing: no tool is called; give it with --observed'}`,
  )
  if (present) {
    lines.push('', paint.dim(`The set in force, ${present.policy_digest}`))
    if (present.differs.length === 0) lines.push('  says the same')
    for (const step of present.steps.filter(({ step }) => present.differs.includes(step)))
      lines.push(...stepLines(step, paint))
  }
  return lines.join('\n')
}

export function renderExplanation({ action_id, decisions }: ActionExplanation, paint: Paint): string {
  const lines = [paint.bold(action_id)]
  if (decisions.length === 0) lines.push('  Nothing was decided yet.')
  for (const decision of decisions) lines.push('', ...decisionLines(decision, paint))
  return lines.join('\n')
}

function decisionLines(decision: DecisionExplanation, paint: Paint): string[] {
  const { step, tool, phase, stage, round, result, at, set, now, enough } = decision
  const when = stage === 'intent' ? `at the intent to ${phase}` : `round ${round}`
  const lines = [
    `${paintResult(result, paint)}  ${step}: ${tool}, ${when}, ${at}`,
    `  ${decision.explanation}`,
    ...policyLines(decision.policies, paint),
  ]
  if (decision.permitted_by.length > 0) {
    lines.push('  once approved, permitted by')
    lines.push(...policyLines(decision.permitted_by, paint))
  }
  if (enough) lines.push(`  enough     ${enough}`)
  if (set)
    lines.push(
      `  under      set ${set.revision}, ${set.digest}, by ${set.author}`,
      `             in force from ${set.from} ${set.until ? `to ${set.until}` : 'until now'}`,
    )
  if (now)
    lines.push(
      `  now        ${now.differs ? `${now.result}, otherwise: ${now.explanation}` : 'the set in force says the same'}`,
    )
  return lines
}

function stepLines(step: SimulatedStep, paint: Paint): string[] {
  const needs = tellRequirements(step.requirements)
  return [
    '',
    `${paintResult(step.result, paint)}  ${step.step}: ${step.tool}${needs && `, needs ${needs}`}`,
    `  ${step.explanation}`,
    ...policyLines(step.policies, paint),
    ...(step.permitted_by.length > 0 ? [`  once approved, permitted by ${step.permitted_by.join(', ')}`] : []),
    ...(step.enough ? [`  enough     ${step.enough}`] : []),
  ]
}

function policyLines(policies: readonly PolicyView[], paint: Paint): string[] {
  return policies.flatMap(({ id, file, author, policy_text }) => [
    `  ${paint.bold(id)}  ${file}${author ? `, by ${author}` : ', new'}`,
    ...policy_text.split('\n').map((line) => paint.dim(`    ${line}`)),
  ])
}

function paintResult(result: string, paint: Paint): string {
  if (result === 'allow') return paint.green(result)
  return result === 'deny' ? paint.red(result) : paint.yellow(result)
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no'
}
