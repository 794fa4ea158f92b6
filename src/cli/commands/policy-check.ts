import type { Contract } from '../../domain/contract.js'
import { ExequaturError, isExequaturError, type Problem } from '../../domain/errors.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import type { ConfigOptions } from '../config-path.js'
import { exitCodes } from '../exit-codes.js'
import { withLedger } from '../ledger-access.js'
import { type PolicySources, readPolicySources } from '../policy-sources.js'
import type { Run, Session } from '../session.js'

export function policyCheck(run: Run): CliCommand {
  return dataCommand('check', 'Check the policies of a configuration strictly against the contracts of its tools.')
    .option('--config <path>', 'The configuration; else EXEQUATUR_CONFIG, else exequatur.config.ts here.')
    .option('--tenant <tenant>', 'Look into the ledger too: whether enough people of this tenant are in the groups.')
    .example('exq policy check')
    .example('exq policy check --tenant acme')
    .leadsTo('exq policy test', 'the policy cases')
    .leadsTo('exq policy propose --note <text>', 'put it in force')
    .action(
      run(async (session, options: ConfigOptions & { readonly tenant?: string }) => {
        const { output, terminal } = session
        const sources = await output.during('Reading the configuration ...', () => readPolicySources(options, terminal))
        const peopleIn = options.tenant === undefined ? null : await membersOf(session, options.tenant)
        output.show(
          await output.during('Checking the policies ...', () => checkPolicies(sources, peopleIn)),
          ({ policies, tools, digest }) =>
            [`${policies.length} policies are valid for ${tools.length} tool versions.`, digest].join('\n'),
        )
        return exitCodes.ok.code
      }),
    )
}

/** Every version of a tool may be asked for, so the set has to be valid for each. Throws `EXQ-3002` with every problem. */
async function checkPolicies(sources: PolicySources, peopleIn: PeopleIn | null) {
  const { config, contracts, files } = sources
  const [{ parsePolicySet }, { createPolicyEngine }, { tooSmall, unmeetable, warningsOf }] = await Promise.all([
    import('../../policy/policy-set.js'),
    import('../../policy/policy-engine.js'),
    import('../../policy/check-requirements.js'),
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
  if (problems.size === 0) {
    const newest = versionSets(contracts)[0] ?? []
    const found = [
      ...warningsOf(set, newest, config.groups),
      ...unmeetable(set, newest, await asked(sources)),
      ...(peopleIn ? tooSmall(set, newest, peopleIn) : []),
    ]
    for (const problem of found) problems.set(`${problem.pointer} ${problem.message}`, problem)
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

type PeopleIn = (groups: readonly string[]) => number

/** Ids of the policies that ask for approval in some policy case. */
async function asked({ config, contracts, files }: PolicySources): Promise<ReadonlySet<string>> {
  if (!config.policyCases) return new Set()
  const [{ readPolicyCases }, { runPolicyCases }] = await Promise.all([
    import('../../policy/policy-case-files.js'),
    import('../../policy/policy-cases.js'),
  ])
  const cases = await readPolicyCases(config.policyCases)
  const results = runPolicyCases({ files, contracts, groups: config.groups, cases })
  const asking = results.flatMap(({ decision }) => (decision?.result === 'require-approval' ? decision.policy_ids : []))
  return new Set(asking)
}

/** Counts live people of a tenant by group, as the ledger has them. Throws `EXQ-2004` for an unknown tenant. */
async function membersOf(session: Session, tenant: string): Promise<PeopleIn> {
  const { loadAuthority } = await import('../../ledger/queries/load-authority.js')
  const { memberships, principals, revision } = await withLedger(session, ({ pool }) => loadAuthority(pool, tenant))
  if (revision === 0) throw new ExequaturError('EXQ-2004', `the ledger knows nobody of the tenant ${tenant}`)
  const people = new Set(
    principals.filter(({ kind, state }) => kind === 'person' && state === 'live').map(({ principal }) => principal),
  )
  return (groups) => {
    const members = memberships.filter(({ name, member }) => groups.includes(name) && people.has(member))
    return new Set(members.map(({ member }) => member)).size
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
