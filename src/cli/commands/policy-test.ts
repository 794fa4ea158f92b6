import { resolve } from 'node:path'
import { ExequaturError } from '../../domain/errors.js'
import type { CaseResult } from '../../policy/policy-cases.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import type { ConfigOptions } from '../config-path.js'
import { exitCodes } from '../exit-codes.js'
import type { Paint } from '../output.js'
import { readPolicySources } from '../policy-sources.js'
import type { Run } from '../session.js'

type Options = ConfigOptions & { readonly cases?: string }

export function policyTest(run: Run): CliCommand {
  return dataCommand('test', 'Put every policy case to the policies, and compare the decisions.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .option('--cases <folder>', 'The folder of cases (*.yaml); else the one the configuration names.')
    .example('exq policy test')
    .leadsTo('exq policy propose --note <text>', 'put it in force')
    .action(
      run(async ({ terminal, output }, options: Options) => {
        const { config, contracts, files } = await output.during('Reading the configuration ...', () =>
          readPolicySources(options, terminal),
        )
        const folder = options.cases === undefined ? config.policyCases : resolve(terminal.cwd, options.cases)
        if (!folder)
          throw new ExequaturError('EXQ-7001', `${config.file} names no policyCases, and --cases was not given`)
        const [{ readPolicyCases }, { runPolicyCases }] = await Promise.all([
          import('../../policy/policy-case-files.js'),
          import('../../policy/policy-cases.js'),
        ])
        const results = runPolicyCases({
          files,
          contracts,
          groups: config.groups,
          cases: await readPolicyCases(folder),
        })
        const failed = results.filter(({ passed }) => !passed)
        const summary = { passed: results.length - failed.length, failed: failed.length, results }
        output.show(summary, renderResults)
        if (failed.length > 0) throw new ExequaturError('EXQ-3004', `${failed.length} of ${results.length} cases`)
        return exitCodes.ok.code
      }),
    )
}

function renderResults(summary: { passed: number; failed: number; results: readonly CaseResult[] }, paint: Paint) {
  const lines: string[] = []
  let file = ''
  for (const result of summary.results) {
    if (result.file !== file) lines.push(paint.bold(result.file))
    file = result.file
    lines.push(`  ${result.passed ? paint.green('ok  ') : paint.red('FAIL')} ${result.description}`)
    lines.push(...result.problems.map((problem) => `         ${problem}`))
  }
  return [...lines, `${summary.passed} passed, ${summary.failed} failed`].join('\n')
}
