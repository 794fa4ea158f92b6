import type { Reports, Summary } from './reports.js'

const begin = '<!-- By `npm run campaign -- --publish`: not to be changed by hand. -->'
const end = '<!-- End of what the campaign wrote. -->'

/** The README with what these reports say in the place that is kept for it. */
export function withBlock(readme: string, reports: Reports): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from < 0 || to < from) throw new Error('the README has no place for what campaigns come to')
  return `${readme.slice(0, from)}${begin}\n\n${tellReports(reports)}\n\n${readme.slice(to)}`
}

export function tellReports({ run, race, matrix, sabotage }: Reports): string {
  const told = [
    ...(run ? [tellRun(run)] : []),
    ...(race && race.length > 0 ? [tellRace(race)] : []),
    ...(matrix ? [tellMatrix(matrix)] : []),
    ...(sabotage ? [tellSabotage(sabotage)] : []),
  ]
  return told.length > 0 ? told.join('\n\n') : 'None was published yet.'
}

function tellRun(run: Summary): string {
  const { settled_by_machine_ms: settled, upper_bound: bound } = run
  return [
    `**${run.actions} actions, ${run.kills} kills** (seed \`${run.seed}\`, commit \`${run.commit}\`, ${run.minutes} minutes on ${run.cores} cores):`,
    '',
    '| lost | duplicated | unauthorised | untruthful | over budget | otherwise wrong |',
    '|---|---|---|---|---|---|',
    `| ${[run.lost, run.duplicated, run.unauthorised, run.untruthful, run.over_budget, run.otherwise_wrong].join(' | ')} |`,
    '',
    `${run.in_window} of the kills hit a process between sending a change and recording what came of it${
      bound === null ? '' : `; with no harm seen, at most ${percent(bound)} of such kills do any (95 %)`
    }. Beside them ${run.pauses} pauses, ${run.outages} outages of Postgres or Temporal, ${run.operations} resets, terminations and deletions of workflows, ${run.stops} stops, ${run.forgeries} forgeries and ${run.cancellations} requests that their client took back. The downstream counted ${run.effects} effects and ${run.undos} undos.${
      run.refused_by_budget ? ` ${run.refused_by_budget} requests found no room in a budget.` : ''
    }`,
    `Left to a person, of the actions of one call: ${told(run.unknown_share)}.${
      settled
        ? ` What a machine settled after an unknown answer took ${seconds(settled.median)} (median), at most ${seconds(settled.worst)}.`
        : ''
    }`,
  ].join('\n')
}

function tellRace(race: readonly Summary[]): string {
  const effects = [...new Set(race.map((each) => each.effects))].join(', ')
  const kills = race.reduce((sum, each) => sum + each.kills, 0)
  return `**${race.length} races** of 200 parallel actions against a budget for 50, with ${kills} kills (seeds ${race
    .map(({ seed }) => `\`${seed}\``)
    .join(
      ', ',
    )}, commit \`${race[0]?.commit}\`): never more than the budget at any line of the downstream's books, and ${effects} effects in each when all had settled.`
}

function tellMatrix({
  actions,
  kills,
  every,
  minutes,
  commit,
  crash_points: points,
}: NonNullable<Reports['matrix']>): string {
  const which = every === 1 ? 'Every case' : `Every ${ordinal(every)} case`
  return `**${which}** of all crash points, kinds of downstream, numbers of people, first try and recovery: ${actions} actions, ${kills} deaths${points ? ` (at ${points.reached} of ${points.asked} points)` : ''}, nothing found (commit \`${commit}\`, ${minutes} minutes).`
}

function tellSabotage({ planted, caught, commit }: NonNullable<Reports['sabotage']>): string {
  return `**${caught} of ${planted} planted mistakes** were caught, and nothing was found where nothing was wrong (commit \`${commit}\`).`
}

const names: Readonly<Record<string, string>> = { keyed: 'by key', queryable: 'queryable', blind: 'neither' }

function told(shares: Readonly<Record<string, number>>): string {
  return Object.entries(names)
    .flatMap(([system, name]) => (shares[system] === undefined ? [] : [`${name} ${percent(shares[system])}`]))
    .join(', ')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`
}

function ordinal(number: number): string {
  const last = number % 100 > 10 && number % 100 < 14 ? 0 : number % 10
  return `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`
}
