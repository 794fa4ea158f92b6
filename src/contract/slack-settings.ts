import type { NotificationSettings } from './notification-settings.js'
import { isSafeUrl, safeUrls } from './safe-url.js'

/** A Slack workspace in which people are told, and decide. */
export interface SlackSettings {
  /** Where the bot token (`xoxb-...`) is: `env:SLACK_BOT_TOKEN`. Read by the server only. */
  readonly botToken: EnvRef
  /** Where the app token (`xapp-...`, for Socket Mode) is: `env:SLACK_APP_TOKEN`. Read by the server only. */
  readonly appToken: EnvRef
  /** The workspace, `T...`, and not an organisation (`E...`): whoever is of another one decides nothing. */
  readonly team: string
  /** The tenant it is of. */
  readonly tenant: string
  /** Channels that routes name, as `{ '#finance': 'C...' }`: by id, as names can be taken over. */
  readonly channels?: Readonly<Record<string, string>>
  /**
   * E-mail addresses of people, as `{ ann: 'ann@example.com' }`. Whoever has that address in the workspace, confirmed by
   * Slack, is that person without linking. Leave it out unless whoever runs the workspace may decide who people are.
   */
  readonly emails?: Readonly<Record<string, string>>
  /** The Web API; `https://slack.com/api/` if left out. `https`, or `http` on this machine. */
  readonly apiUrl?: string | EnvRef
}

/** A name in the environment: `env:SLACK_BOT_TOKEN`. */
export type EnvRef = `env:${string}`

/** All that is wrong with the settings, each in one line. */
export function slackProblems(
  settings: SlackSettings | undefined,
  { tenants, notifications }: { readonly tenants: readonly string[]; readonly notifications?: NotificationSettings },
): string[] {
  if (settings === undefined) return []
  const problems: string[] = []
  const check = (holds: boolean, problem: string) => holds || problems.push(`slack.${problem}`)
  for (const name of ['botToken', 'appToken'] as const)
    check(isEnvRef(settings[name]), `${name}: the name of a variable, as env:SLACK_BOT_TOKEN; never the token itself`)
  check(/^T[A-Z0-9]+$/.test(settings.team), 'team: the id of a workspace, as T012AB3C4; not of an organisation (E...)')
  check(tenants.includes(settings.tenant), `tenant: ${settings.tenant} is not one of \`tenants\``)
  for (const [name, id] of Object.entries(settings.channels ?? {})) {
    check(/^#[^\s#]+$/.test(name), `channels: ${name}: a name as #finance`)
    check(/^[CG][A-Z0-9]+$/.test(id), `channels: ${name}: the id of a channel, as C012AB3C4`)
  }
  const routes = [...(notifications?.default ?? []), ...Object.values(notifications?.groups ?? {}).flat()]
  for (const name of new Set(routes.filter((route) => route.startsWith('slack:')).map((route) => route.slice(6))))
    check(settings.channels?.[name] !== undefined, `channels: ${name} is a route, and has no id here`)
  const addresses = Object.values(settings.emails ?? {}).map((address) => address.toLowerCase())
  for (const [person, address] of Object.entries(settings.emails ?? {}))
    check(/^[^\s@]+@[^\s@]+$/.test(address), `emails: ${person}: an e-mail address`)
  check(new Set(addresses).size === addresses.length, 'emails: two people have the same address')
  const { apiUrl } = settings
  if (apiUrl !== undefined && !isEnvRef(apiUrl)) check(isSafeUrl(apiUrl), `apiUrl: ${safeUrls}, or env:NAME`)
  return problems
}

function isEnvRef(value: unknown): value is EnvRef {
  return typeof value === 'string' && /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(value)
}
