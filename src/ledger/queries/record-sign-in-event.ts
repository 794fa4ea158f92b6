import type { Db } from '../pool.js'

/** Adds that a sign-in was used, or ended. */
export async function recordSignInEvent(
  db: Db,
  tenant: string,
  signIn: string,
  event: 'used' | 'ended',
): Promise<void> {
  await db
    .of(tenant)
    .query('insert into sign_in_events (tenant, sign_in, event) values ($1, $2, $3) on conflict do nothing', [
      tenant,
      signIn,
      event,
    ])
}
