import type { Channel } from './channel.js'
import { type Delivery, NotDelivered } from './channel.js'
import { signatureOf } from './sign-webhook.js'

export interface WebhookOptions {
  readonly url: string
  readonly key: Buffer
  /** The CloudEvent of a delivery. */
  readonly eventOf: (delivery: Delivery) => Promise<object>
  readonly timeoutMs?: number
}

const usualTimeoutMs = 10_000
const gone = 410

/** Sends each notice to one address, as a signed CloudEvent in JSON. Any 2xx takes it; 410 says never to send it again. */
export function createWebhook({ url, key, eventOf, timeoutMs = usualTimeoutMs }: WebhookOptions): Channel {
  return {
    name: 'webhook',
    deliver: async (delivery) => {
      const body = JSON.stringify(await eventOf(delivery))
      const status = await post(url, timeoutMs, body, signatureOf(key, { id: delivery.id, at: Date.now(), body }))
      if (status >= 200 && status < 300) return
      const redirected = status >= 300 && status < 400 ? '; redirects are not followed' : ''
      throw new NotDelivered(`the receiver answered ${status}${redirected}`, { final: status === gone })
    },
  }
}

async function post(
  url: string,
  timeoutMs: number,
  body: string,
  signature: Readonly<Record<string, string>>,
): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...signature },
      body,
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: unknown } }
    if (name === 'TimeoutError') throw new NotDelivered(`no answer within ${timeoutMs / 1_000} s`)
    throw new NotDelivered(`no connection${typeof cause?.code === 'string' ? ` (${cause.code})` : ''}`)
  }
}
