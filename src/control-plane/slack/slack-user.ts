import { ExequaturError } from '../../domain/errors.js'
import { accountKey } from '../../identity/account-key.js'
import { callerByAccount } from '../authenticate.js'
import type { Caller, ControlPlane } from '../control-plane.js'

/** Somebody in Slack, as Slack vouches for them: a member of the workspace, who is there now. */
export interface SlackUser {
  readonly tenant: string
  /** The workspace, `T...`. */
  readonly team: string
  /** `U...` */
  readonly user: string
}

/** As whose issuer a workspace vouches for its members. */
export function slackIssuer(team: string): string {
  return `slack:${team}`
}

/** How a Slack user is written where it is no person (yet). */
export function slackAccount({ team, user }: Pick<SlackUser, 'team' | 'user'>): string {
  return accountKey(slackIssuer(team), user)
}

/** The person a Slack user is linked to, under the present authority. Throws `EXQ-2015`, `EXQ-5045`. */
export async function slackCaller(
  plane: Pick<ControlPlane, 'authorities'>,
  { tenant, team, user }: SlackUser,
): Promise<Caller> {
  const account = { issuer: slackIssuer(team), subject: user }
  const caller = await callerByAccount(plane.authorities, tenant, account)
  if (caller?.principal.kind !== 'person')
    throw new ExequaturError('EXQ-5045', `${user} of ${team} is linked to nobody in ${tenant}`)
  return caller
}

/** The Slack users that people are linked to, by person. */
export async function slackUserOf(
  plane: Pick<ControlPlane, 'authorities'>,
  { tenant, team }: Pick<SlackUser, 'tenant' | 'team'>,
  person: string,
): Promise<string | null> {
  const authority = await plane.authorities.current(tenant)
  const accounts = authority?.accountsOf(person) ?? []
  return accounts.findLast(({ issuer }) => issuer === slackIssuer(team))?.subject ?? null
}
