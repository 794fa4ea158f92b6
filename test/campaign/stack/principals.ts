import type { SamplePrincipal } from 'exequatur/dev'

export const tenants = ['acme', 'globex'] as const
export type Tenant = (typeof tenants)[number]

/** Who approves, by group. The same names in both tenants: they are not the same people. */
export const people = {
  finance: ['ann', 'fred'],
  security: ['omar', 'sue'],
  support: ['olga'],
} as const

/** Who owns the agents, and so decides on none of their requests, whatever group they are in. */
export const owner = 'fred'

export const agents = ['payer_1', 'payer_2', 'payer_3', 'payer_4'] as const

/** People first: an agent has to have an owner. */
export function peopleAndAgents(tenant: Tenant): readonly SamplePrincipal[] {
  const persons = Object.entries(people).flatMap(([group, names]) =>
    names.map((name): SamplePrincipal => ({ tenant, kind: 'person', name, groups: [group] })),
  )
  return [
    ...persons,
    ...agents.map((name): SamplePrincipal => ({ tenant, kind: 'agent', name, owner: `person:${owner}` })),
  ]
}
