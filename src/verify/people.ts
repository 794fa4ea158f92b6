import type { LoadedConfig } from '../config/load-config.js'
import type { ToolChecks } from '../contract/tool-checks.js'
import { ensurePrincipals, type SamplePrincipal } from '../dev/principals.js'
import { type Client, createClient } from './client.js'
import { foreignTenant } from './scratch-config.js'
import { createVoter, type Voter } from './voter.js'

/** Who acts in a scratch stack. */
export interface People {
  /** Agents by name. */
  readonly agent: (name: string) => Client
  /** An agent of the same tenant that asked for nothing, and one of another tenant. */
  readonly strangers: readonly Client[]
  /** Owns all agents, and is in every group: but for being the owner, they might approve everything. */
  readonly owner: Voter
  /** Two people of a group, who are in no other. */
  readonly members: (group: string) => readonly Voter[]
}

const ownerName = 'verify-owner'
const defaultAgent = 'verify'
const memberNames = (group: string) => [`verify-${group}-1`, `verify-${group}-2`]

export const agentOf = (checks: ToolChecks, tool: string): string => checks.tools[tool]?.agent?.name ?? defaultAgent

export async function gatherPeople(
  config: LoadedConfig,
  checks: ToolChecks,
  tenant: string,
  stack: { readonly api: string; readonly databaseUrl: string },
): Promise<People> {
  const agents = new Map<string, readonly string[]>([
    [defaultAgent, []],
    ['verify-other', []],
  ])
  for (const { agent } of Object.values(checks.tools)) if (agent) agents.set(agent.name, agent.groups ?? [])
  const people: SamplePrincipal[] = [
    { tenant, kind: 'person', name: ownerName, groups: config.groups },
    ...config.groups.flatMap((group) =>
      memberNames(group).map((name) => ({ tenant, kind: 'person' as const, name, groups: [group] })),
    ),
    ...[...agents].map(([name, groups]) => ({
      ...{ tenant, kind: 'agent' as const, name, groups },
      owner: `person:${ownerName}`,
    })),
  ]
  const none = { agents: {}, people: {} }
  const tokens = await ensurePrincipals(stack.databaseUrl, people, none)
  const foreign = await ensurePrincipals(
    stack.databaseUrl,
    [
      { tenant: foreignTenant, kind: 'person', name: ownerName },
      { tenant: foreignTenant, kind: 'agent', name: 'stranger', owner: `person:${ownerName}` },
    ],
    none,
  )
  const client = (token: string | undefined) => createClient(stack.api, token ?? '')
  const voters = new Map(
    Object.entries(tokens.people).map(([name, token]) => [name, createVoter(tenant, name, client(token))]),
  )
  const voter = (name: string) => voters.get(name) as Voter
  return {
    agent: (name) => client(tokens.agents[name]),
    strangers: [client(tokens.agents['verify-other']), client(foreign.agents.stranger)],
    owner: voter(ownerName),
    members: (group) => (config.groups.includes(group) ? memberNames(group).map(voter) : []),
  }
}
