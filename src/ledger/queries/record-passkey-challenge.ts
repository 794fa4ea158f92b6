import type { Db } from '../pool.js'

export interface PasskeyChallenge {
  readonly challenge: string
  readonly principal: string
  /** The sign-in or the account that it is given to. */
  readonly way_in: string
}

/** Adds a challenge that somebody was given. */
export async function recordPasskeyChallenge(db: Db, tenant: string, given: PasskeyChallenge): Promise<void> {
  await db
    .of(tenant)
    .query(
      `insert into passkey_challenges (tenant, challenge, event, principal, way_in) values ($1, $2, 'given', $3, $4)`,
      [tenant, given.challenge, given.principal, given.way_in],
    )
}

/** Takes a challenge back. False: it was not given to this way in, or too long ago, or was taken before. */
export async function takePasskeyChallenge(
  db: Db,
  tenant: string,
  taken: PasskeyChallenge,
  livesMs: number,
): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `insert into passkey_challenges (tenant, challenge, event, principal, way_in)
     select tenant, challenge, 'taken', principal, way_in from passkey_challenges
     where tenant = $1 and challenge = $2 and event = 'given' and principal = $3 and way_in = $4
       and happened_at > clock_timestamp() - make_interval(secs => $5 / 1000.0)
     on conflict do nothing`,
    [tenant, taken.challenge, taken.principal, taken.way_in, livesMs],
  )
  return rowCount === 1
}
