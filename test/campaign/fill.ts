import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { apiOf } from './clients/api.js'
import { openJournal } from './clients/journal.js'
import type { CampaignStack } from './stack/open-stack.js'

/**
 * Asks for more, one after the other, until the budget refuses: what was given back by calls that came to nothing can be
 * used again, to the last of it and no further. Resolves to what was asked for.
 */
export async function fillBudget(stack: CampaignStack): Promise<{ tenant: string; action_id: string }[]> {
  const tenant = 'acme'
  const api = apiOf(stack.api, stack.tokens[tenant]?.agents.payer_4 ?? '')
  const journal = openJournal(join(stack.home, 'clients', 'fill.jsonl'))
  const asked: { tenant: string; action_id: string }[] = []
  for (let index = 1, refused = 0; index <= 60 && refused < 3; index += 1) {
    const subject = `fill_${index}`
    const request_id = subject
    const steps = [{ id: 'step1', system: 'keyed', tool: 'pay_by_key', subject, amount: 100 }]
    journal.write({ kind: 'asking', tenant, agent: 'payer_4', request_id, steps })
    const said = await api('POST', '/v1/actions', {
      plan: { steps: [{ tool: 'pay_by_key', args: { subject, amount_cents: 100 } }] },
      context: { request_id },
    })
    const action_id = said.status === 200 || said.status === 202 ? String(said.body.id) : null
    journal.write({
      kind: 'answered',
      tenant,
      request_id,
      status: said.status,
      action_id,
      code: said.body.code ?? null,
    })
    if (action_id === null) {
      refused += 1
      continue
    }
    asked.push({ tenant, action_id })
    if ((await ending(action_id)) !== 'succeeded') refused += 1
  }
  journal.close()
  return asked

  async function ending(id: string): Promise<unknown> {
    for (let tries = 0; tries < 120; tries += 1) {
      const { body } = await api('GET', `/v1/actions/${id}`)
      if (body.outcome) return body.outcome
      await pause(500)
    }
    return null
  }
}
