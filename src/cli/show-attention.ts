import type { OpenAttention } from '../control-plane/action-view.js'
import type { AttentionView } from '../control-plane/attention/attention-view.js'
import type { AttentionPage } from '../control-plane/attention/list-attention.js'
import { reasonWords } from '../domain/attention-words.js'
import { tellMoney } from '../domain/money.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

/** An age in the largest unit that says something: `40 s`, `12 min`, `5 h`, `3 d`. */
function tellAge(seconds: number): string {
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 36 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** What it is about, for questions and lists: the tool, the amount if there is one, and the target. */
export function tellCall({ tool, phase, resource, amount }: AttentionView): string {
  const money = amount ? ` of ${tellMoney(amount)}` : ''
  return `${tool}${phase === 'compensate' ? '/compensate' : ''}${money} on ${resource}`
}

export function renderAttention(view: AttentionView, paint: Paint): string {
  const facts: [string, string][] = [
    ['about', tellCall(view)],
    ['', JSON.stringify(view.args)],
    ['why', reasonWords[view.reason]],
    ['since', `${view.opened_at}, ${tellAge(view.age_seconds)} ago${view.overdue ? ', overdue' : ''}`],
    ['action', `${view.action_id}, step ${view.step}${view.action_outcome ? `, ended ${view.action_outcome}` : ''}`],
    ['asked by', [view.agent, view.on_behalf_of && `on behalf of ${view.on_behalf_of}`].filter(Boolean).join(', ')],
  ]
  if (view.idempotency_key) facts.push(['key', view.idempotency_key])
  for (const { generation, attempt, at, claimed, output, error, late } of view.attempts) {
    facts.push(['called', `${at}, attempt ${attempt}${generation > 0 ? ` of generation ${generation}` : ''}`])
    facts.push(['  claimed', claimed ? `${claimed}${output ? ` ${JSON.stringify(output)}` : ''}` : 'no answer'])
    if (error) facts.push(['', `${error.code} ${error.detail}`])
    if (late)
      facts.push(['', `late, ${late.at}: ${late.claimed}${late.output ? ` ${JSON.stringify(late.output)}` : ''}`])
  }
  if (view.attempts.length === 0) facts.push(['called', 'never'])
  for (const { found, detail, at, wanted, shown } of view.observed) {
    facts.push(['  observed', `${found}${detail ? `: ${detail}` : ''}, ${at}`])
    if (wanted) facts.push(['', `wanted ${JSON.stringify(wanted)}, found ${shown ? JSON.stringify(shown) : 'nothing'}`])
  }
  if (view.observed.length === 0) facts.push(['  observed', 'nothing definite'])
  const { count, last } = view.looks
  if (last)
    facts.push(['looked', `${count} times, last ${last.at}: ${last.found}${last.detail ? `, ${last.detail}` : ''}`])
  if (view.resolution) facts.push(...resolutionFacts(view.resolution))
  facts.push(['decided by', `${view.groups.join(', ') || 'the owner of the tool'}${keyHint(view)}`])
  if (view.state === 'open' && view.deciders.length === 0)
    facts.push(['', paint.red('nobody may, as things stand: put somebody there who is no part of the request')])
  const lines = columns(facts.map(([name, fact]) => [`  ${name}`, fact])).split('\n')
  const choices = view.choices.flatMap(({ choice, does, needs_evidence, takes_output }) => [
    `  ${paint.bold(`--${choice}`)}${needs_evidence ? ' --evidence <text>' : ''}${takes_output ? ' [--result <json>]' : ''}`,
    `      ${does}`,
  ])
  return [
    `${paint.bold(view.id)}  ${view.state === 'open' ? paint.red(view.reason) : paint.green(view.state)}`,
    ...lines.map((line) => paint.dim(line.slice(0, 14)) + line.slice(14)),
    ...choices,
  ].join('\n')
}

function resolutionFacts(resolution: NonNullable<AttentionView['resolution']>): [string, string][] {
  const { choice, reason, evidence, output, decided_by, at } = resolution
  const facts: [string, string][] = [['decided', `${choice} by ${decided_by}, ${at}: ${reason}`]]
  if (evidence) facts.push(['', `evidence: ${evidence}`])
  if (output) facts.push(['', JSON.stringify(output)])
  return facts
}

function keyHint({ method_needed }: AttentionView): string {
  return method_needed === 'key' ? ', signed by a key of their own (`exq key create`)' : ''
}

export function renderAttentions({ items, open, oldest_seconds }: AttentionPage, paint: Paint): string {
  const all = oldest_seconds === null ? '' : `${open} in this tenant, the oldest for ${tellAge(oldest_seconds)}.`
  if (items.length === 0) return paint.dim(`Nothing needs your attention. ${all}`.trim())
  const rows = items.map((view) => [
    view.id,
    `${tellAge(view.age_seconds)}${view.overdue ? ' !' : ''}`,
    view.reason,
    tellCall(view),
    view.agent,
  ])
  const table = columns([['ATTENTION', 'AGE', 'WHY', 'ABOUT', 'AGENT'], ...rows], (text, row, column) => {
    if (row === 0) return paint.dim(text)
    return column === 1 && text.endsWith('!') ? paint.red(text) : text
  })
  return `${table}\n${paint.dim(all)}`
}

/** What an action shows of what needs attention. */
export function attentionFacts(attention: readonly OpenAttention[]): [string, string][] {
  return attention.map(({ id, step, phase, reason, age_seconds }) => [
    'attention',
    `${id}: ${step}${phase === 'compensate' ? ' (undo)' : ''}, ${reasonWords[reason]}, for ${tellAge(age_seconds)}`,
  ])
}
