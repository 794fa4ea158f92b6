import { describe, expect, test } from 'vitest'
import { pauseSubscription } from '../../../examples/refund-desk/tools/pause-subscription.js'
import { stripeAt } from '../desk.js'
import { useBilling } from './billing-desk.js'
import { outputOf, patienceWith, trying } from './try-tool.js'

const { desk, fresh } = useBilling()
const tool = trying(pauseSubscription)
const updates = 'POST /v1/subscriptions/:id'

async function freshSubscription() {
  const name = await fresh((name) => ({ subscriptions: [{ id: `sub_${name}`, customer: 'cus_kim' }] }))
  return {
    key: `exq_${name}`,
    args: { subscription_id: `sub_${name}` },
    effects: () => desk().effects({ id: `sub_${name}` }),
    paused: async () => (await stripeAt(desk().url).subscriptions.retrieve(`sub_${name}`)).pause_collection !== null,
  }
}

describe('pause_subscription', () => {
  test('pauses once, however often it is called with one key', async () => {
    const { key, args, effects } = await freshSubscription()
    const first = outputOf(await tool.execute(args, { key }))
    expect(first).toEqual({ ...args, pause_id: key })
    expect(outputOf(await tool.execute(args, { key }))).toEqual(first)
    expect(await effects()).toMatchObject([
      { effect: 'subscription.paused', pause_collection: { behavior: 'keep_as_draft' } },
    ])
    expect(await tool.verify(args, first, { key })).toBe('committed')
    expect(await tool.verify(args, null, { key })).toBe('committed')
  })

  test('is undone once, however often and under whatever key', async () => {
    const { key, args, effects, paused } = await freshSubscription()
    const output = outputOf(await tool.execute(args, { key }))
    for (const undoKey of [`${key}-undo`, `${key}-undo`, `${key}-again`]) {
      expect(await tool.undo(args, output, { key: undoKey })).toMatchObject({ effect: 'committed' })
    }
    expect(await effects()).toMatchObject([{ effect: 'subscription.paused' }, { effect: 'subscription.resumed' }])
    expect(await paused()).toBe(false)
    expect(await tool.verify(args, output, { key })).toBe('not-committed')
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
  })

  test('a pause that somebody else made is neither claimed nor undone', async () => {
    const { key, args, paused } = await freshSubscription()
    await stripeAt(desk().url).subscriptions.update(args.subscription_id, { pause_collection: { behavior: 'void' } })
    expect(await tool.execute(args, { key })).toMatchObject({ effect: 'not-committed' })
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
    await tool.undo(args, { ...args, pause_id: key })
    expect(await paused()).toBe(true)
  })

  test.each(['reset-after-applying', 'error-after-applying', 'hang-after-applying'])(
    '%s: the outcome is unknown, and verification finds the pause',
    async (mode) => {
      const { key, args, effects } = await freshSubscription()
      await desk().plan({ match: updates, mode, times: 1 })
      expect(await tool.execute(args, { key, ...patienceWith(mode) })).toMatchObject({ effect: 'unknown' })
      expect(await tool.verify(args, null, { key })).toBe('committed')
      expect(await effects()).toHaveLength(1)
    },
  )

  test('a refusal, or a subscription that is not there, is a definite no', async () => {
    const { key, args, effects } = await freshSubscription()
    await desk().plan({ match: updates, mode: 'refuse', times: 1 })
    expect(await tool.execute(args, { key })).toMatchObject({ effect: 'not-committed' })
    expect(await tool.execute({ subscription_id: 'sub_none' })).toMatchObject({ effect: 'not-committed' })
    expect(await tool.verify({ subscription_id: 'sub_none' }, null)).toBe('not-committed')
    expect(await effects()).toHaveLength(0)
  })
})
