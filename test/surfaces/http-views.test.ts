import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { declare, smallestRead } from '../_util/contracts.js'
import { intentFor } from '../_util/ledger-rows.js'
import { type HttpDesk, openHttpDesk, refund } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
  const invoices = declare(smallestRead, {
    name: 'get_invoice',
    version: 2,
    input: z.strictObject({ invoice_id: z.string() }),
    output: z.strictObject({ refundable_cents: z.int(), currency: z.string() }),
    resource: { type: 'Invoice', id: '/args/invoice_id' },
    views: { support: { fields: ['/currency'] } },
  })
  await publishContracts(desk.database.executorPool, ['acme'], [invoices])
})
afterAll(() => desk.close())

describe('what an observation filled in', () => {
  test('is in the trail for people, and not for an agent that the views hide it from', async () => {
    const { body } = await desk.submit(refund('r1'))
    const ref = { tenant: 'acme', action_id: body.id as string }
    const args = { invoice_id: 'in_123', reason_code: 'duplicate_charge', amount_cents: 4242 }
    await recordIntent(desk.database.executorPool, await intentFor(desk.database.serverPool, ref, { args }))
    const intentIn = async (token: string) => {
      const { body: trail } = await desk.call('GET', `/v1/actions/${ref.action_id}/trail`, { token })
      return trail.entries.find(({ what }: { what: string }) => what.startsWith('intent')).facts
    }
    expect(await intentIn(desk.tokens.bob)).toMatchObject({ args, args_digest: expect.any(String) })
    const facts = await intentIn(desk.tokens.desk)
    expect(facts).toMatchObject({ args: { invoice_id: 'in_123' }, cut: { fields: ['/amount_cents'] } })
    expect(JSON.stringify(facts)).not.toMatch(/4242|args_digest/)
  })
})
