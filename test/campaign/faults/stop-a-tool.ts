import { setTimeout as pause } from 'node:timers/promises'
import { apiOf } from '../clients/api.js'
import type { Journal } from '../clients/journal.js'
import type { Random } from '../random.js'
import type { CampaignStack } from '../stack/open-stack.js'
import { tenants } from '../stack/principals.js'

/** Has a tool stopped in one tenant for a moment, and notes when that was acknowledged and when its end was asked for. */
export async function stopATool(stack: CampaignStack, random: Random, journal: Journal): Promise<void> {
  const tenant = random.pick(tenants)
  const tool = random.pick(['pay_by_key', 'pay_by_reference', 'pay_blindly'])
  const api = apiOf(stack.api, stack.tokens[tenant]?.people.olga ?? '')
  const { status } = await api('POST', '/v1/stops', { scope: `tool:${tool}`, reason: 'campaign' })
  const at = Date.now()
  await pause(random.between(500, 8_000))
  const until = Date.now()
  for (;;) {
    const resumed = await api('POST', `/v1/stops/tool:${tool}/resume`, { reason: 'campaign' })
    // Not stopped after all, or not any more.
    if (resumed.status === 200 || resumed.status === 409) break
    await pause(200)
  }
  if (status === 200) journal.write({ kind: 'stop', tenant, tool, at, until })
}
