import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { describeNotice } from '../../src/control-plane/deliveries/describe-notice.js'
import { makeDeliveries } from '../../src/control-plane/deliveries/make-deliveries.js'
import { routeNotices } from '../../src/control-plane/deliveries/route-notices.js'
import { rotateToken, suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { type Delivery, NotDelivered } from '../../src/notify/channel.js'
import { cancellation } from '../surfaces/http-desk.js'
import { loseCall } from '../surfaces/http-lost-calls.js'
import { type OutboxDesk, openOutboxDesk, recordingChannel } from './outbox-desk.js'

let desk: OutboxDesk
beforeAll(async () => {
  desk = await openOutboxDesk()
})
afterAll(() => desk.close())
beforeEach(() => desk.settle())

describe('a notice', () => {
  test('reaches each who is asked, and then that it is closed', async () => {
    const { id, approval } = await desk.ask()
    const { channel, got, told } = recordingChannel()
    expect(await desk.route()).toBe(2)
    expect(await desk.send(channel)).toBe(2)
    expect(told().sort()).toEqual([`person:bob asked ${approval}`, `person:fay asked ${approval}`])
    expect(got[0]).toMatchObject({
      tenant: 'acme',
      id: expect.stringMatching(/^dlv_/),
      about: { kind: 'approval', id: approval },
      action_id: id,
      ordinal: 1,
      recipients: [got[0]?.to],
    })
    await desk.vote(approval, desk.tokens.bob, 'reject')
    await desk.readApproval({ id }, 1)
    await desk.route()
    await desk.send(channel)
    expect(told().slice(2).sort()).toEqual([`person:bob closed ${approval}`, `person:fay closed ${approval}`])
  })

  test('that it is closed says what it was closed as, also where what was agreed to is held up, and of old ones', async () => {
    const { channel, got } = recordingChannel()
    const { id, approval } = await desk.ask()
    await desk.route()
    await desk.send(channel)
    await desk.vote(approval, desk.tokens.bob)
    await desk.readApproval({ id }, 1)
    await desk.route()
    await desk.send(channel)
    const closed = got.filter(({ notice }) => notice === 'closed')
    expect(closed).toMatchObject([{ closed_as: 'approved' }, { closed_as: 'approved' }])
    // Nothing has begun: whoever looks at it finds that it waits.
    const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })
    expect(body.state).toBe('waiting')
    for (const delivery of closed)
      for (const each of [delivery, { ...delivery, closed_as: null }])
        expect(await describeNotice(desk.plane, each)).toMatchObject({ state: 'approved' })
    await desk.vote(approval, desk.tokens.bob, 'withdraw')
    for (const delivery of closed)
      expect(await describeNotice(desk.plane, delivery)).toMatchObject({ state: 'approved' })
  })

  test('of an escalation reaches whom the silence was handed on to', async () => {
    const rules = { escalations: [{ group: 'finance', to: 'privacy', afterMs: 1 }] }
    const { id, approval } = await desk.ask(rules)
    await pause(20)
    await desk.readApproval({ id }, 1)
    const { channel, told } = recordingChannel()
    await desk.route({ default: [], groups: { privacy: ['slack'] } })
    await desk.send(channel)
    expect(told()).toEqual([`person:eve escalation ${approval}`])
  })

  test('of what needs attention reaches who may decide on it', async () => {
    const { attention } = await loseCall(desk, cancellation('lost'))
    const { channel, got } = recordingChannel()
    await desk.route()
    await desk.send(channel)
    expect(got.map(({ to }) => to).sort()).toEqual(['person:bob', 'person:fay'])
    for (const { about } of got) expect(about).toEqual({ kind: 'attention', id: attention })
  })

  test('is queued once, whoever routes it at the same moment', async () => {
    await desk.ask()
    const queued = await Promise.all(Array.from({ length: 4 }, () => desk.route()))
    expect(queued.reduce((sum, each) => sum + each)).toBe(2)
    expect(await desk.route()).toBe(0)
  })

  test('that cannot be routed stays, and holds up no other', async () => {
    await desk.ask()
    const broken = { ...desk.plane, authorities: { ...desk.plane.authorities, current: async () => null } }
    expect(await routeNotices(broken, { default: ['slack'], groups: {} }, 'acme')).toBe(0)
    expect(await desk.route()).toBe(2)
  })
})

describe('what is no longer true when its turn comes', () => {
  test('is not told: it was decided meanwhile, and nobody is told that it is closed', async () => {
    const { id, approval } = await desk.ask()
    await desk.route()
    await desk.vote(approval, desk.tokens.bob, 'reject')
    await desk.readApproval({ id }, 1)
    await desk.route()
    const { channel, got } = recordingChannel()
    await desk.send(channel)
    expect(got).toEqual([])
    const rows = await desk.rows('select kind, state from deliveries where about = $1 order by seq', [approval])
    expect(rows.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'asked moot',
      'asked moot',
      'closed moot',
      'closed moot',
    ])
  })

  test('is not told to somebody who has voted, while others are still asked', async () => {
    const { approval } = await desk.ask()
    await desk.vote(approval, desk.fay)
    await desk.route()
    const { channel, told } = recordingChannel()
    await desk.send(channel)
    expect(told()).toEqual([`person:bob asked ${approval}`])
  })

  test('is told to somebody whose vote counts no longer, and what they decided waits for them again', async () => {
    const gil = {
      tenant: 'acme',
      kind: 'person',
      name: 'gil',
      groups: ['finance'],
      owner: undefined,
      by: 'test',
    } as const
    const { token, principal } = await createPrincipal(desk.plane, gil)
    const { approval } = await desk.ask()
    await desk.vote(approval, token)
    const { token: next } = await rotateToken(desk.plane, { tenant: 'acme', principal, by: 'test' })
    await desk.route()
    const { channel, told } = recordingChannel()
    await desk.send(channel)
    expect(told()).toContain(`person:gil asked ${approval}`)
    const waiting = async () => {
      const { body } = await desk.call('GET', '/v1/approvals', { token: next })
      return body.items.map(({ id }: { id: string }) => id)
    }
    expect(await waiting()).toContain(approval)
    await desk.vote(approval, next)
    expect(await waiting()).not.toContain(approval)
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal, by: 'test' })
  })

  test('is told once, where several reminders have piled up', async () => {
    const { attention, action } = await loseCall(desk, cancellation('piled-up'))
    await desk.settle()
    for (const ordinal of [1, 2, 3])
      await desk.rows(
        `insert into notices (tenant, attention_id, action_id, kind, ordinal, recipients)
         values ('acme', $1, $2, 'reminder', $3, '{person:bob}')`,
        [attention, action, ordinal],
      )
    await desk.route()
    const { channel, got } = recordingChannel()
    await desk.send(channel)
    expect(got.map(({ ordinal }) => ordinal)).toEqual([3])
    const states = await desk.rows('select state from deliveries where about = $1', [attention])
    expect(states.map(({ state }) => state)).toContain('moot')
  })
})

describe('what does not arrive', () => {
  test('is tried again: what comes after it about the same thing waits, what is about something else goes on', async () => {
    const first = await desk.ask()
    const second = await desk.ask()
    await desk.route()
    await desk.askOnceMore(first)
    await desk.route()
    let refused = true
    const { channel, got, told } = recordingChannel(({ to, about }) => {
      if (refused && to === 'person:bob' && about.id === first.approval) throw new NotDelivered('it is not taken')
    })
    await desk.send(channel)
    expect(told().sort()).toEqual(
      [
        `person:bob asked ${second.approval}`,
        `person:fay asked ${first.approval}`,
        `person:fay asked ${second.approval}`,
        `person:fay asked ${first.approval}`,
      ].sort(),
    )
    const { body } = await desk.call('GET', '/v1/deliveries', { token: desk.tokens.ann })
    const pending = { to: 'person:bob', state: 'pending', about: { id: first.approval } }
    expect(body.items).toMatchObject([
      { ...pending, last_error: 'it is not taken' },
      { ...pending, tries: 0, last_error: null },
    ])
    // As often as its turn came meanwhile.
    expect(body.items[0].tries).toBeGreaterThanOrEqual(1)
    refused = false
    await desk.hurry()
    await desk.send(channel)
    expect(got.slice(4)).toMatchObject(
      [1, 2].map((ordinal) => ({ to: 'person:bob', about: { id: first.approval }, ordinal })),
    )
  })

  test('at a slow address holds up no other, however much is there for it', async () => {
    const asked: string[] = []
    for (let each = 0; each < 8; each += 1) asked.push((await desk.ask()).approval)
    await desk.route()
    let wake = () => {}
    const slow = new Promise<void>((done) => {
      wake = done
    })
    const { channel, got } = recordingChannel(({ to }) => (to === 'person:bob' ? slow : undefined))
    const sent = desk.send(channel, { timeoutMs: 60_000, leaseMs: 60_000 })
    await vi.waitFor(() => expect(got.map(({ about }) => about.id)).toEqual(asked), 20_000)
    expect(got.map(({ to }) => to)).toEqual(asked.map(() => 'person:fay'))
    wake()
    await sent
  })

  test('keeps nothing of an error that the channel did not mean to be read', async () => {
    await desk.ask()
    await desk.route()
    const secret = Object.assign(new TypeError('token xoxb-1 is wrong'), { code: 'E_TOKEN' })
    await desk.send(recordingChannel(() => Promise.reject(secret)).channel)
    const errors = await desk.rows(`select last_error from deliveries where state = 'pending'`)
    expect(errors.map(({ last_error }) => last_error)).toEqual(['it failed: E_TOKEN', 'it failed: E_TOKEN'])
  })

  test('is given up where nobody will ever take it, is listed, and can be tried by hand', async () => {
    const { approval } = await desk.ask()
    await desk.route()
    await desk.send(
      recordingChannel(() => Promise.reject(new NotDelivered('nobody is there', { final: true }))).channel,
    )
    const listed = await desk.call('GET', '/v1/deliveries?limit=1', { token: desk.tokens.bob })
    expect(listed.body.items).toMatchObject([{ state: 'given-up', last_error: 'nobody is there', next_at: null }])
    const rest = await desk.call('GET', `/v1/deliveries?cursor=${listed.body.next}`, { token: desk.tokens.bob })
    expect(rest.body).toMatchObject({ items: [{ state: 'given-up' }], next: null })

    const { id, to } = listed.body.items[0]
    const retried = await desk.call('POST', `/v1/deliveries/${id}/retries`, { token: desk.tokens.bob })
    expect(retried).toMatchObject({ status: 200, body: { id, state: 'pending' } })
    const { channel, told } = recordingChannel()
    await desk.send(channel)
    expect(told()).toEqual([`${to} asked ${approval}`])
    expect(await desk.call('POST', `/v1/deliveries/${id}/retries`, { token: desk.tokens.bob })).toMatchObject({
      status: 409,
      body: { code: 'EXQ-5041' },
    })
  })

  test('is given up after a day', async () => {
    await desk.ask()
    await desk.route()
    const { rows } = await desk.plane.pool.of('acme').query(`select id from deliveries where state = 'pending'`)
    expect(rows).toHaveLength(2)
    const { pool } = desk.plane
    const begin = async () => {
      const transaction = await pool.begin()
      return { ...transaction, of: (tenant: string) => older(transaction.of(tenant)) }
    }
    const late = { ...desk.plane, pool: { ...pool, begin } }
    const { channel } = recordingChannel(() => Promise.reject(new NotDelivered('still away')))
    await makeDeliveries(late, channel, { tenant: 'acme', stopped: () => false })
    expect(await desk.rows(`select last_error from deliveries where state = 'given-up'`)).toEqual([
      { last_error: 'still away' },
      { last_error: 'still away' },
    ])
  })

  test('is taken over once its time is up, under the same id, where somebody sleeps over it', async () => {
    await desk.ask()
    await desk.route()
    const ids: string[] = []
    const wake: (() => void)[] = []
    const sleeps = recordingChannel((delivery) => {
      ids.push(delivery.id)
      return new Promise((done) => wake.push(done))
    })
    const slept = desk.send(sleeps.channel, { timeoutMs: 60_000, leaseMs: 60_000 })
    const { channel, got } = recordingChannel()
    await vi.waitFor(() => expect(ids).toHaveLength(2), 20_000)
    await desk.send(channel)
    expect(got).toEqual([])
    await desk.hurry()
    await desk.send(channel)
    expect(got.map(({ id }) => id).sort()).toEqual(ids.sort())
    for (const one of wake) one()
    await slept
  })
})

test('two that send at once send everything once, what is about one thing in order', async () => {
  const asked = []
  for (let each = 0; each < 15; each += 1) asked.push(await desk.ask())
  await desk.route()
  for (const each of asked) await desk.askOnceMore(each)
  await desk.route()
  const got: Delivery[] = []
  const slow = () => recordingChannel(() => pause(Math.random() * 10)).channel
  const keep = (channel: ReturnType<typeof slow>) => ({
    ...channel,
    deliver: async (delivery: Delivery) => {
      got.push(delivery)
      await channel.deliver(delivery)
    },
  })
  await Promise.all([desk.send(keep(slow())), desk.send(keep(slow()))])
  // One that finds nothing to do leaves what the other is at: nothing is left once both are asked again.
  await desk.send(keep(slow()))
  for (const person of ['person:bob', 'person:fay'])
    for (const { approval } of asked)
      expect(
        got.filter(({ to, about }) => to === person && about.id === approval).map(({ ordinal }) => ordinal),
      ).toEqual([1, 2])
})

test('who may see and retry deliveries are people of the tenant', async () => {
  for (const [method, url] of [
    ['GET', '/v1/deliveries'],
    ['POST', '/v1/deliveries/dlv_1/retries'],
  ] as const) {
    expect(await desk.call(method, url, { token: desk.tokens.desk })).toMatchObject({ body: { code: 'EXQ-2002' } })
    expect(await desk.call(method, url)).toMatchObject({ status: 401 })
  }
  await desk.ask()
  await desk.route()
  const [{ id }] = (await desk.rows(`select id from deliveries where state = 'pending'`)) as [{ id: string }]
  expect((await desk.call('GET', '/v1/deliveries', { token: desk.tokens.zoe })).body.items).toEqual([])
  expect(await desk.call('POST', `/v1/deliveries/${id}/retries`, { token: desk.tokens.zoe })).toMatchObject({
    status: 404,
    body: { code: 'EXQ-5040' },
  })
})

test('the ledger keeps what was delivered, and to whom', async () => {
  await desk.ask()
  await desk.route()
  await desk.send(recordingChannel().channel)
  const refused = { code: '23000' }
  await expect(desk.rows(`update deliveries set state = 'pending' where state = 'delivered'`)).rejects.toMatchObject(
    refused,
  )
  const owner = await desk.owner()
  for (const change of [
    `update deliveries set address = 'person:eve'`,
    'delete from deliveries',
    'truncate deliveries',
  ])
    await expect(owner.query(change)).rejects.toMatchObject(refused)
  await owner.end()
})

test('a person who was suspended is told nothing more', async () => {
  const { approval } = await desk.ask()
  await desk.route()
  await suspendPrincipal(desk.plane, { tenant: 'acme', principal: 'person:fay', reason: 'Left.', by: 'test' })
  const { channel, told } = recordingChannel()
  await desk.send(channel)
  expect(told()).toEqual([`person:bob asked ${approval}`])
})

/** A ledger on which everything that is claimed is more than a day old. */
function older(queries: ReturnType<OutboxDesk['plane']['pool']['of']>): typeof queries {
  return {
    query: async (...args: Parameters<typeof queries.query>) => {
      const result = await queries.query(...args)
      return {
        ...result,
        rows: result.rows.map((row) => ('age_ms' in row && 'claim' in row ? { ...row, age_ms: 9e7 } : row)),
      }
    },
  } as typeof queries
}
