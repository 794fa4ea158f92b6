import type { PolicySetView } from '../../control-plane/list-policy-sets.js'
import { apiCommand, type CliCommand, wholeNumber } from '../cli-command.js'
import { columns } from '../columns.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Paint } from '../output.js'
import type { Run } from '../session.js'

type Options = ConnectionOptions & { readonly limit: number }

export function policyLog(run: Run): CliCommand {
  return apiCommand(
    'log',
    'List the policy sets that were in force, newest first: whose, agreed by whom, and how long.',
  )
    .option('--limit <count>', 'How many at most.', wholeNumber, 20)
    .example('exq policy log --as omar')
    .action(
      run(async ({ output, api }, options: Options) => {
        output.show(await api(options).listPolicySets(options.limit), ({ items }, paint) => renderSets(items, paint))
        return exitCodes.ok.code
      }),
    )
}

function renderSets(sets: readonly PolicySetView[], paint: Paint): string {
  const rows = sets.map(({ revision, digest, author, agreed_by, from, until }) => [
    String(revision),
    digest.slice(0, 19),
    author,
    agreed_by.join(', ') || '-',
    from,
    until === null ? 'in force' : lasted(from, until),
  ])
  const heads = ['SET', 'DIGEST', 'AUTHOR', 'AGREED BY', 'FROM', 'FOR']
  return columns([heads, ...rows], (text, row) => (row === 0 ? paint.dim(text) : text))
}

function lasted(from: string, until: string): string {
  const seconds = Math.round((Date.parse(until) - Date.parse(from)) / 1_000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  const told = parts.slice(first, first + 2).filter(([count]) => count > 0)
  return told.map(([count, unit]) => `${count} ${unit}`).join(' ')
}
