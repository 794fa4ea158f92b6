import type { Contract } from '../../domain/contract.js'
import { ExequaturError, isExequaturError, type Problem } from '../../domain/errors.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import type { ConfigOptions } from '../config-path.js'
import { exitCodes } from '../exit-codes.js'
import { type PolicySources, readPolicySources } from '../policy-sources.js'
import type { Run } from '../session.js'

export function policyCheck(run: Run): CliCommand {
  return dataCommand('check', 'Check the policies of a configuration strictly against the contracts of its tools.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .example('exq policy check')
    .action(
      run(async (session, options: ConfigOptions) => {
        const sources = await readPolicySources(options, session.terminal)
        session.output.show(await checkPolicies(sources), ({ policies, tools, digest }) =>
          [`${policies.length} policies are valid for ${tools.length} tool versions.`, digest].join('\n'),
        )
        return exitCodes.ok.code
      }),
    )
}

/** Every version of a tool may be asked for, so the set has to be valid for each. Throws `EXQ-3002` with every problem. */
async function checkPolicies({ config, contracts, files }: PolicySources) {
  const [{ parsePolicySet }, { createPolicyEngine }] = await Promise.all([
    import('../../policy/policy-set.js'),
    import('../../policy/policy-engine.js'),
  ])
  const set = parsePolicySet(files)
  const problems = new Map<string, Problem>()
  for (const each of versionSets(contracts)) {
    try {
      createPolicyEngine(set, each, config.groups)
    } catch (error) {
      if (!isExequaturError(error) || error.code !== 'EXQ-3002') throw error
      for (const problem of error.problems) problems.set(`${problem.pointer} ${problem.message}`, problem)
    }
  }
  if (problems.size > 0) {
    throw new ExequaturError('EXQ-3002', `${problems.size} found in ${config.policies}`, [...problems.values()])
  }
  return {
    digest: set.digest,
    files: Object.keys(files),
    policies: [...set.policies.values()].map(({ id, effect, requires, say }) => ({ id, effect, requires, say })),
    tools: contracts.map(({ name, version }) => ({ name, version })),
  }
}

/** The newest versions of all tools, then the same with each older version in the place of its newest. */
function versionSets(contracts: readonly Contract[]): Contract[][] {
  const ascending = [...contracts].sort((one, other) => one.version - other.version)
  const newest = new Map(ascending.map((contract) => [contract.name, contract]))
  const older = ascending.filter((contract) => newest.get(contract.name) !== contract)
  return [newest, ...older.map((contract) => new Map([...newest, [contract.name, contract]]))].map((set) => [
    ...set.values(),
  ])
}
