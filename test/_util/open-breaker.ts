import { asOwner } from './database.js'

/** As if the breakers that are open in a tenant had been so for long enough that a call may try. */
export async function openForLongEnough(ownerUrl: string, tenant: string): Promise<void> {
  await asOwner(
    ownerUrl,
    `update downstreams set standing = jsonb_set(standing, '{breaker,retry_at}', '0') where tenant = '${tenant}'`,
  )
}
