import type { ApprovalView } from '../control-plane/approval-view.js'
import type { Risk } from '../domain/contract.js'
import { drawLines } from '../domain/draw-rendering.js'
import { printable } from '../domain/printable.js'
import { readRendering } from '../domain/rendering.js'
import { tellStop } from '../domain/stop.js'
import { tellStanding } from '../domain/tell-budget.js'
import { columns } from './columns.js'
import { inert } from './inert.js'
import type { Paint } from './output.js'
import { tellDuration } from './tell-duration.js'
import { foldTo } from './text-width.js'

export interface ShowOptions {
  /** Columns there are; without it lines stay whole. */
  readonly width?: number | undefined
  /** By the clock of whoever looks. */
  readonly nowMs?: number
}

/** An approval request with what a vote is for, drawn; then votes, who else is asked, budgets, addresses and the clock. */
export function renderApproval(approval: ApprovalView, paint: Paint, options: ShowOptions = {}): string {
  const { width = Number.POSITIVE_INFINITY, nowMs = Date.now() } = options
  const view = inert(approval)
  const facts = aroundFacts(view, nowMs).flatMap((fact) => folded(fact, width))
  return [
    `${paint.bold(view.id)}  ${paint.cyan(view.state)}  ${paintRisk(view.risk, paint)}${leftOf(view, nowMs)}`,
    ...linesOf(approval.rendering).flatMap((line) => inGutter(line, width, paint)),
    ...(facts.length > 0 ? columns(facts.map(([name, fact]) => [`  ${name}`, fact])).split('\n') : []).map(
      (line) => paint.dim(line.slice(0, 11)) + line.slice(11),
    ),
    ...(view.method_needed === 'key' ? [paint.yellow('  needs approvals signed by a key: `exq key create`')] : []),
    ...(view.stopped ? [paint.yellow(`  ${tellStop(view.stopped)}`)] : []),
    paint.dim(`  action ${view.action_id}, groups ${view.groups.join(', ') || 'none'}`),
    paint.dim(`  envelope ${view.envelope_digest}`),
  ].join('\n')
}

/** What a vote is for; of envelopes from before there were descriptions the text that they have. */
function linesOf(text: string): string[] {
  const rendering = readRendering(text)
  // What a server made up could hold line ends of its own.
  return (rendering ? drawLines(rendering) : text.split('\n')).map(printable)
}

/** What a line goes on with has another mark than a line, and is set in: no words of an agent look like a line of ours. */
function inGutter(line: string, width: number, paint: Paint): string[] {
  const [first = '', ...rest] = Number.isFinite(width) ? foldTo(line, width - 8) : [line]
  return [`${paint.dim('|')} ${first}`.trimEnd(), ...rest.map((more) => `${paint.dim(':')}      ${more.trimStart()}`)]
}

function aroundFacts(view: ApprovalView, nowMs: number): [string, string][] {
  const facts: [string, string][] = view.votes.map(({ approver, vote, reason, method, at, self_approved, counts }) => [
    'voted',
    `${vote} by ${approver} (${method})${self_approved ? ' SELF-APPROVED' : ''}, ${at}${reason ? `: ${reason}` : ''}${counts || vote === 'withdraw' ? '' : ' (does not count)'}`,
  ])
  if (view.state === 'waiting') {
    const others = view.asked.map(
      ({ person, groups }) => `${person}${groups.length > 0 ? ` (${groups.join(', ')})` : ''}`,
    )
    facts.push(['also asked', others.join(', ') || 'nobody else'])
    const asked = tellDuration(nowMs - Date.parse(view.sealed_at))
    facts.push(['waits', `for ${asked}, since ${inSeconds(view.sealed_at)}; expires ${inSeconds(view.expires_at)}`])
  }
  for (const { group, to, at, due } of view.escalations)
    facts.push(['escalation', `${to} may stand for ${group} ${due ? 'since' : 'from'} ${at}${due ? '' : ' on'}`])
  for (const budget of view.budgets ?? [])
    facts.push(['budget', `${budget.name}${budget.scope ? ` (${budget.scope})` : ''}: ${tellStanding(budget)}`])
  for (const [kind, address] of Object.entries(view.links)) if (address) facts.push([kind, address])
  return facts
}

/** Addresses stay whole, to be opened. */
function folded([name, fact]: readonly [string, string], width: number): [string, string][] {
  if (!Number.isFinite(width) || /^https?:/.test(fact)) return [[name, fact]]
  return foldTo(fact, Math.max(20, width - 16)).map((line, index) => [index === 0 ? name : '', line.trimStart()])
}

function inSeconds(time: string): string {
  return time.replace(/\.\d+/, '')
}

function leftOf({ state, expires_at }: ApprovalView, nowMs: number): string {
  return state === 'waiting' ? `  expires in ${tellDuration(Date.parse(expires_at) - nowMs)}` : ''
}

export function paintRisk(risk: Risk, paint: Paint): string {
  if (risk === 'critical') return paint.red(paint.bold(risk))
  return risk === 'high' ? paint.red(risk) : risk === 'medium' ? paint.yellow(risk) : risk
}
