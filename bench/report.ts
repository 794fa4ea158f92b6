import { tellShape } from './floor-shape.js'
import { median, percentile, type Samples } from './measure.js'
import type { Results, Subject } from './plan.js'
import { type Statements, total } from './statements.js'

type Row = readonly string[]

/** The results as a table for people. */
export function tell(results: Results): string {
  const { subjects, rates, http, votes, clients } = results
  const rounds = rates.values().next().value?.length ?? 0
  return [
    '',
    'One action at a time, in turns, and at many clients',
    table([
      ['', 'n', 'p50 ms', 'p99 ms', `${clients} clients /s`, 'events', 'statements', 'p50 / floor', 'rate / floor'],
      ...subjects.flatMap((subject) => rowsOf(subject, results)),
    ]),
    `/s: median of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}. Events: of the history. Statements: ledger round trips, of both processes.`,
    'p99 of fewer than 100 runs is the slowest of them.',
    'Steps (L a local activity, A an activity of the second process), the same in the floor:',
    ...subjects.map(({ name, shape }) => `  ${name.padEnd(16)}${tellShape(shape)}`),
    '"Local only" is the read without its activity: what a read costs where server and executor are one process.',
    'The aim: a read at x1.00 and a write at x1.15 of its floor, in p50 and in rate.',
    '',
    'Over HTTP, to the server as a process of its own (which also seals histories), beside the same without HTTP',
    table([
      ['', 'n', 'p50 ms', 'p99 ms', `${clients} clients /s`],
      ...[...http.sequential.keys()].map((name) => plainRow(name, http.sequential, http.rates)),
    ]),
    '',
    'From vote to effect (the line in the downstream system)',
    table([
      ['', 'n', 'p50 ms', 'p99 ms'],
      ['since the vote was cast', ...spread(votes.fromCast)],
      ["since the vote's time in the ledger", ...spread(votes.fromRecord)],
    ]),
    '',
    'Ledger statements per action',
    ...subjects.map(({ name, statements }) => `  ${name.padEnd(16)}${tellStatements(statements)}`),
    '',
    `Took ${results.seconds.toFixed(0)} s.`,
  ].join('\n')
}

function rowsOf(subject: Subject, { sequential, rates }: Results): Row[] {
  const { name, events, statements } = subject
  const against = (floor: string) => [sequential, rates].map((samples) => times(samples.get(name), samples.get(floor)))
  const floors = [...sequential.keys()].filter((each) => each.startsWith(`${name} floor`))
  return [
    [
      ...plainRow(name, sequential, rates),
      String(events.governed),
      statements ? String(Math.round(total(statements))) : 'n/a',
      ...against(`${name} floor`),
    ],
    ...floors.map((floor) => {
      const same = floor === `${name} floor`
      return [
        ...plainRow(`  ${floor}`, sequential, rates, floor),
        same ? String(events.floor) : '',
        '',
        ...(same ? ['', ''] : against(floor)),
      ]
    }),
  ]
}

function plainRow(title: string, sequential: Samples, rates: Samples, name = title): Row {
  const rate = rates.get(name)
  return [title, ...spread(sequential.get(name) ?? []), rate ? median(rate).toFixed(0) : '-']
}

function spread(samples: readonly number[]): Row {
  return [String(samples.length), percentile(samples, 0.5).toFixed(1), percentile(samples, 0.99).toFixed(1)]
}

function times(ours: readonly number[] | undefined, floor: readonly number[] | undefined): string {
  return ours && floor ? `x${(median(ours) / median(floor)).toFixed(2)}` : '-'
}

function tellStatements(statements: Statements | null): string {
  if (!statements) return 'not counted'
  return [...statements].map(([name, count]) => (count === 1 ? name : `${name} ${Number(count.toFixed(1))}`)).join(', ')
}

function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: Row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  const [head = [], ...body] = rows
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n')
}
