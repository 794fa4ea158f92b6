import { randomUUID } from 'node:crypto'
import { deliveryPauseMs, giveUpAfterMs } from '../../domain/delivery.js'
import { type ClaimedDelivery, claimDelivery } from '../../ledger/queries/claim-delivery.js'
import { type DeliveryEnd, settleDelivery } from '../../ledger/queries/settle-delivery.js'
import { type Channel, type Delivery, NotDelivered } from '../../notify/channel.js'
import type { ControlPlane } from '../control-plane.js'
import { isMoot } from './is-moot.js'

export interface DeliveryTimes {
  /** How long a channel may take. */
  readonly timeoutMs: number
  /** When another server takes over what one has claimed; longer than that. */
  readonly leaseMs: number
}

export interface Outgoing {
  readonly tenant: string
  /** True once no further one is to be begun. */
  readonly stopped: () => boolean
  readonly times?: DeliveryTimes
}

const usualTimes: DeliveryTimes = { timeoutMs: 20_000, leaseMs: 60_000 }

/**
 * Makes the deliveries of one channel in a tenant whose turn it is, one after the other, until none is left; several that do
 * so at once share them. What does not arrive is tried again later; what comes after it for the same address about the same
 * thing waits. Resolves to how many arrived.
 */
export async function makeDeliveries(
  plane: ControlPlane,
  channel: Channel,
  { tenant, stopped, times = usualTimes }: Outgoing,
): Promise<number> {
  let arrived = 0
  while (!stopped()) {
    const wish = { channel: channel.name, claim: randomUUID(), leaseMs: times.leaseMs }
    const delivery = await claimDelivery(plane.pool, tenant, wish)
    if (!delivery) break
    const end = await makeOne(plane, channel, delivery, times)
    await settleDelivery(plane.pool, delivery, end)
    if (end.state === 'delivered') arrived += 1
  }
  return arrived
}

async function makeOne(
  plane: ControlPlane,
  channel: Channel,
  delivery: ClaimedDelivery,
  { timeoutMs }: DeliveryTimes,
): Promise<DeliveryEnd> {
  try {
    if (await isMoot(plane, delivery)) return { state: 'moot' }
    await within(timeoutMs, channel.deliver(toDelivery(delivery)))
    return { state: 'delivered' }
  } catch (cause) {
    const error = reasonOf(cause)
    const facts = {
      tenant: delivery.tenant,
      delivery: delivery.id,
      channel: channel.name,
      tries: delivery.tries,
      error,
    }
    if ((cause instanceof NotDelivered && cause.final) || delivery.age_ms > giveUpAfterMs) {
      plane.warn?.({ ...facts, next: `exq deliveries --retry ${delivery.id}` }, 'a notice was given up')
      return { state: 'given-up', error }
    }
    if (delivery.tries === 1) plane.warn?.(facts, 'a notice did not arrive; it is tried again')
    return { state: 'pending', error, pauseMs: deliveryPauseMs(delivery.tries, Math.random()) }
  }
}

function toDelivery(row: ClaimedDelivery): Delivery {
  const {
    tenant,
    id,
    action_id,
    approval_id,
    attention_id,
    kind: notice,
    ordinal,
    noticed_at,
    closed_as,
    recipients,
  } = row
  const about = approval_id
    ? { kind: 'approval' as const, id: approval_id }
    : { kind: 'attention' as const, id: attention_id ?? '' }
  return { tenant, id, about, action_id, notice, ordinal, noticed_at, closed_as, to: row.address, recipients }
}

/** Only what a channel means to be read is kept; of any other error its name, or the code of the system. */
function reasonOf(cause: unknown): string {
  if (cause instanceof NotDelivered) return cause.message
  const { code, name } = cause as { code?: unknown; name?: unknown }
  return `it failed: ${[code, name, 'for an unknown reason'].find((text) => typeof text === 'string')}`
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotDelivered(`it took longer than ${ms / 1_000} s`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
