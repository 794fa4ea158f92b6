import type { Route, RoutingRules } from '../domain/routing.js'
import { isSafeUrl, safeUrls } from './safe-url.js'

/** How people are told what they are asked for. */
export interface NotificationSettings {
  /** How groups are told that have no routes of their own; not at all, if left out. */
  readonly default?: readonly Route[]
  /**
   * By group: `slack` writes to each of its people, `slack:#channel` to one channel for all of them, `webhook` to the
   * address below. None: an empty list.
   */
  readonly groups?: Readonly<Record<string, readonly Route[]>>
  /** Gets each notice as a signed CloudEvent. `https`, or `http` on this machine. */
  readonly webhook?: { readonly url: string; readonly secret: `env:${string}` }
}

export function routingRulesOf({ default: usual = [], groups = {} }: NotificationSettings = {}): RoutingRules {
  return { default: usual, groups }
}

/** What is wrong with the settings, each in one line. */
export function notificationProblems(
  settings: NotificationSettings | undefined,
  { groups, slack }: { readonly groups: readonly string[]; readonly slack: boolean },
): string[] {
  if (settings === undefined) return []
  const problems: string[] = []
  const { default: usual = [], groups: ofGroups = {}, webhook } = settings
  for (const [at, routes] of [['default', usual] as const, ...Object.entries(ofGroups).map(named)]) {
    for (const route of routes) {
      const problem = routeProblem(route, { slack, webhook: webhook !== undefined })
      if (problem) problems.push(`notifications.${at}: ${route}: ${problem}`)
    }
    if (new Set(routes).size < routes.length) problems.push(`notifications.${at}: names a route twice`)
  }
  for (const group of Object.keys(ofGroups))
    if (!groups.includes(group)) problems.push(`notifications.groups: ${group} is not one of groups`)
  if (webhook && !isSafeUrl(webhook.url)) problems.push(`notifications.webhook.url: ${safeUrls}`)
  if (webhook && !/^env:[A-Z_][A-Z0-9_]*$/.test(webhook.secret))
    problems.push('notifications.webhook.secret: where it is, as env:EXEQUATUR_WEBHOOK_SECRET')
  return problems
}

const named = ([group, routes]: readonly [string, readonly Route[]]) => [`groups.${group}`, routes] as const

function routeProblem(route: string, has: { readonly slack: boolean; readonly webhook: boolean }): string | null {
  const [, channel] = /^(slack|webhook|slack:#[a-z0-9_-]{1,80})$/.exec(route) ?? []
  if (!channel) return 'slack, slack:#channel or webhook'
  if (channel === 'webhook') return has.webhook ? null : 'there is no notifications.webhook'
  return has.slack ? null : 'there is no section slack'
}
