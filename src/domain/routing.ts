/** A way a group is told: each of its people directly, at one address for all, or by what listens for everybody. */
export type Route = 'slack' | `slack:#${string}` | 'webhook'

/** Who is told how. A group without routes of its own has the default ones. */
export interface RoutingRules {
  readonly default: readonly Route[]
  readonly groups: Readonly<Record<string, readonly Route[]>>
}

/** What is to be told, and why it is each of these people: the groups they were asked for. */
export interface RoutedNotice {
  /** The groups that are asked. */
  readonly groups: readonly string[]
  readonly recipients: readonly { readonly person: string; readonly groups: readonly string[] }[]
}

/** One address of one channel, told once however many routes lead there, and the people who are told by it. */
export interface Destination {
  readonly channel: string
  /** `person:<name>`, `#channel`, or empty where the channel has one address only. */
  readonly address: string
  readonly recipients: readonly string[]
}

/** Channels that reach people one by one; every other has addresses that everybody shares. */
const personal: readonly string[] = ['slack']

/**
 * Where a notice goes: every recipient gets it by each route of the groups they were asked for, once. A shared address of
 * a group is told even where nobody of the group may decide. Who was asked for no group has the default routes.
 */
export function destinationsOf(rules: RoutingRules, { groups, recipients }: RoutedNotice): Destination[] {
  const found = new Map<string, { channel: string; address: string; recipients: Set<string> }>()
  const add = (route: Route, people: readonly string[]) => {
    const [channel = '', shared] = route.split(':', 2)
    const isPersonal = shared === undefined && personal.includes(channel)
    for (const address of isPersonal ? people : [shared ?? '']) {
      const key = JSON.stringify([channel, address])
      const at = found.get(key) ?? { channel, address, recipients: new Set() }
      for (const person of isPersonal ? [address] : people) at.recipients.add(person)
      found.set(key, at)
    }
  }
  for (const group of groups) {
    const people = recipients.filter((each) => each.groups.includes(group)).map(({ person }) => person)
    for (const route of rules.groups[group] ?? rules.default) add(route, people)
  }
  const ofNoGroup = recipients.filter((each) => !each.groups.some((group) => groups.includes(group)))
  if (ofNoGroup.length > 0)
    for (const route of rules.default)
      add(
        route,
        ofNoGroup.map(({ person }) => person),
      )
  return [...found.values()].map((at) => ({ ...at, recipients: [...at.recipients].sort() }))
}
