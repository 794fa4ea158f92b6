import type { Evidence, RequestLine, Violation } from './evidence.js'
import { askedSteps, groupBy, subjectKey, takenOrders } from './lookup.js'
import type { Run } from './read-evidence.js'

export interface Report {
  readonly seed: string
  readonly commit: string
  readonly minutes: number
  readonly actions: number
  readonly kills: number
  /** Kills of a process that had sent a change and had not recorded what came of it. */
  readonly in_window: number
  readonly pauses: number
  readonly outages: number
  readonly operations: number
  readonly stops: number
  readonly forgeries: number
  /** What a client took back. */
  readonly cancellations: number
  /** Of the points at which processes were to die: at how many they did, as often as they were to. Absent but for a matrix. */
  readonly crash_points?: { readonly asked: number; readonly reached: number }
  readonly effects: number
  readonly undos: number
  /** Actions that found no room in a budget. */
  readonly refused_by_budget: number
  readonly lost: number
  readonly duplicated: number
  readonly unauthorised: number
  readonly untruthful: number
  readonly over_budget: number
  readonly otherwise_wrong: number
  readonly endings: Readonly<Record<string, number>>
  /** Of those that needed no person to settle them, by system: actions of one step that wait for one. */
  readonly unknown_share: Readonly<Record<string, number>>
  readonly settled_by_machine_ms: { readonly median: number; readonly worst: number } | null
  /** 95 % upper bound on the chance that a kill in the window does harm, where none did: by it 5 % of such runs see none. */
  readonly upper_bound: number | null
  readonly violations: readonly Violation[]
  readonly verdict: 'passed' | 'FAILED' | 'INVALID'
  readonly why: string
}

export function reportOn({ evidence, options, took_ms }: Run, violations: readonly Violation[]): Report {
  const { books, faults, final } = evidence
  const count = (sort: Violation['sort']) => violations.filter((violation) => violation.sort === sort).length
  const of = (kind: string) => faults.filter((fault) => fault.kind === kind).length
  const in_window = killsInWindow(evidence)
  const succeeded = final.filter(({ outcome }) => outcome === 'succeeded').length
  const share = final.length === 0 ? 0 : succeeded / final.length
  const killed = of('killed')
  const { crash_points } = evidence.rules
  const refused_by_budget = final.filter(({ code }) => code === noRoom).length
  const unmet = refused_by_budget === 0 && evidence.rules.budgets.some(({ refuses }) => refuses)
  const missed = crash_points.filter((asked) => !isReached(evidence, asked))
  const enough =
    share >= evidence.rules.least_successes &&
    final.length >= 0.95 * options.actions &&
    killed >= options.kills &&
    !unmet &&
    evidence.histories.length > 0 &&
    missed.length === 0
  const reached = crash_points.length - missed.length
  return {
    seed: options.seed,
    commit: options.commit,
    minutes: Math.round(took_ms / 6_000) / 10,
    actions: final.length,
    kills: killed,
    in_window,
    pauses: of('paused'),
    outages: of('outage'),
    operations: of('operator'),
    stops: of('stop'),
    forgeries: evidence.forgeries.length,
    cancellations: cancelledIn(evidence),
    ...(crash_points.length > 0 && { crash_points: { asked: crash_points.length, reached } }),
    effects: books.filter(({ kind }) => kind === 'effect').length,
    undos: books.filter(({ kind }) => kind === 'undo').length,
    refused_by_budget,
    lost: count('lost'),
    duplicated: count('duplicated'),
    unauthorised: count('unauthorised'),
    untruthful: count('untruthful'),
    over_budget: count('over budget'),
    otherwise_wrong: count('other'),
    endings: endingsOf(evidence),
    unknown_share: unknownShare(evidence),
    settled_by_machine_ms: settlement(evidence),
    upper_bound: in_window > 0 && violations.length === 0 ? 1 - 0.05 ** (1 / in_window) : null,
    violations,
    verdict: violations.length > 0 ? 'FAILED' : enough ? 'passed' : 'INVALID',
    why:
      violations.length > 0
        ? `${violations.length} violations`
        : enough
          ? 'nothing found'
          : `${final.length} of ${options.actions} asked for, of which ${Math.round(share * 100)} % succeeded, and ${killed} of ${options.kills} kills${missed.map(({ point, deaths }) => `, no ${deaths === 2 ? 'second ' : ''}death at ${point}`).join('')}${unmet ? ', no budget that refused anybody' : ''}, with ${evidence.histories.length} histories: too little was put to the test`,
  }
}

// The code of an ending for which a budget had no room.
const noRoom = 'EXQ-1121'

/** Has somebody died there, and, if that was to be, again in the recovery? */
function isReached({ faults }: Evidence, { point, deaths }: Evidence['rules']['crash_points'][number]): boolean {
  return faults.some((fault) => fault.kind === 'killed' && fault.why === point && (fault.death ?? 1) >= deaths)
}

function cancelledIn({ clients }: Evidence): number {
  const taken = clients.filter((line) => line.kind === 'cancelled' && line.status === 200)
  return new Set(taken.map((line) => `${line.tenant}/${line.request_id}`)).size
}

function endingsOf({ final }: Evidence): Record<string, number> {
  const groups = groupBy(final, ({ outcome, waits }) => outcome ?? (waits ? 'waits for a person' : 'open'))
  return Object.fromEntries([...groups].map(([ending, lines]) => [ending, lines.length]))
}

function killsInWindow({ faults, requests, claims }: Evidence): number {
  const sent = groupBy(
    requests.filter(({ kind }) => kind === 'request' || kind === 'half'),
    ({ pid }) => String(pid),
  )
  const keyOf = (row: { tenant: string; action_id: string; step: string; phase: string; generation: number }) =>
    [row.tenant, row.action_id, row.step, row.phase, row.generation].join(' ')
  const callOf = new Map(claims.intents.map((row) => [row.idempotency_key, keyOf(row)]))
  const recorded = groupBy(claims.outcomes, keyOf)
  const isRecorded = (request: RequestLine, by: number) =>
    (recorded.get(callOf.get(request.key ?? '') ?? '') ?? []).some(
      ({ recorded_at }) => recorded_at >= (request.received_at ?? request.at) && recorded_at <= by,
    )
  return faults.filter(
    (fault) =>
      fault.kind === 'killed' &&
      (sent.get(String(fault.pid)) ?? []).some((request) => {
        const at = request.received_at ?? request.at
        return at <= fault.at && at > fault.at - 4_000 && !isRecorded(request, fault.at)
      }),
  ).length
}

/** Actions of which a person decided something. */
function decidedByPeople({ orders }: Pick<Evidence, 'orders'>): ReadonlySet<string> {
  return new Set(takenOrders(orders).map(({ tenant, action_id }) => subjectKey(tenant, action_id)))
}

/** Of the actions of one step on each system, the share that a person has to settle. */
function unknownShare(evidence: Evidence): Record<string, number> {
  const final = new Map(evidence.final.map((line) => [subjectKey(line.tenant, line.action_id), line]))
  const decided = decidedByPeople(evidence)
  const single = [...askedSteps(evidence).values()].filter(({ steps }) => steps.length === 1)
  return Object.fromEntries(
    [...groupBy(single, ({ system }) => system)].map(([system, asked]) => {
      const waiting = asked.filter(({ tenant, action_id }) => {
        const about = subjectKey(tenant, action_id ?? '')
        const line = final.get(about)
        return line?.waits === 'person' || line?.outcome === 'needs-attention' || decided.has(about)
      })
      return [system, Math.round((waiting.length / asked.length) * 1_000) / 1_000]
    }),
  )
}

/** From the first attempt whose answer was not recorded to the ending, where no person was needed. */
function settlement({ claims, final, orders }: Evidence): Report['settled_by_machine_ms'] {
  const decided = decidedByPeople({ orders })
  const answered = new Set(
    claims.outcomes
      .filter(({ effect }) => effect !== 'unknown')
      .map((row) => [row.tenant, row.action_id, row.step, row.phase, row.attempt].join(' ')),
  )
  const ended = new Map(claims.actions.map((row) => [subjectKey(row.tenant, row.id), row.ended_at]))
  const settled = new Set(
    final
      .filter(({ outcome }) => outcome !== null && outcome !== 'needs-attention')
      .map((line) => subjectKey(line.tenant, line.action_id))
      .filter((about) => !decided.has(about)),
  )
  const open = claims.attempts.filter(
    (row) => !answered.has([row.tenant, row.action_id, row.step, row.phase, row.attempt].join(' ')),
  )
  const times = [...groupBy(open, (row) => subjectKey(row.tenant, row.action_id))]
    .filter(([key]) => settled.has(key))
    .map(([key, rows]) => (ended.get(key) ?? 0) - Math.min(...rows.map(({ attempted_at }) => attempted_at)))
    .toSorted((one, other) => one - other)
  if (times.length === 0) return null
  return { median: times[Math.floor(times.length / 2)] as number, worst: times.at(-1) as number }
}

/** The report for people. */
export function tell(report: Report): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  const listed = (record: Readonly<Record<string, number>>, as = String as (value: number) => string) =>
    Object.entries(record)
      .map(([name, value]) => `${name} ${as(value)}`)
      .join(', ')
  const { settled_by_machine_ms: settling } = report
  return [
    `seed ${report.seed}, commit ${report.commit}, ${report.minutes} minutes`,
    `${report.actions} actions, ${report.kills} kills (${report.in_window} between sending and recording), ${report.pauses} pauses, ${report.outages} outages, ${report.operations} operations, ${report.stops} stops, ${report.forgeries} forgeries, ${report.cancellations} cancellations`,
    ...(report.crash_points
      ? [`deaths at ${report.crash_points.reached} of ${report.crash_points.asked} crash points`]
      : []),
    `the downstream counted ${report.effects} effects and ${report.undos} undos; ${report.refused_by_budget} actions found no room in a budget; endings: ${listed(report.endings)}`,
    `lost ${report.lost}, duplicated ${report.duplicated}, unauthorised ${report.unauthorised}, untruthful ${report.untruthful}, over budget ${report.over_budget}, otherwise wrong ${report.otherwise_wrong}`,
    `left to a person: ${listed(report.unknown_share, percent)}`,
    ...(settling
      ? [`settled by machine after an unknown answer: median ${settling.median} ms, worst ${settling.worst} ms`]
      : []),
    ...(report.upper_bound === null
      ? []
      : [`at most ${percent(report.upper_bound)} of kills in the window do harm (95 %)`]),
    ...report.violations.slice(0, 50).map(({ invariant, about, detail }) => `  ${invariant} ${about}: ${detail}`),
    `${report.verdict}: ${report.why}`,
  ].join('\n')
}
