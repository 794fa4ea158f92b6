import { createHmac } from 'node:crypto'

/**
 * The headers that prove a webhook, as Standard Webhooks has them: HMAC-SHA256 over id, time and body. `at` is in
 * milliseconds.
 */
export function signatureOf(
  secret: Buffer,
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(Math.floor(at / 1_000))
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

const leastBytes = 24

/** The key in a secret: base64 after `whsec_`, else the text itself. Null where it is too short to be one. */
export function keyOf(secret: string): Buffer | null {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return key.length >= leastBytes ? key : null
}
