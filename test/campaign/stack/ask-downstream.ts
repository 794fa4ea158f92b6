import { request } from 'node:http'
import { notCommitted, type ToolCall } from 'exequatur'

/** An effect or an undo as the downstream shows it. */
export interface Shown {
  readonly id: string
  readonly kind?: 'effect' | 'undo'
  readonly amount_cents: number
  readonly undone?: boolean
}

interface Wish {
  readonly path: string
  readonly subject: string
  readonly amount_cents: number
  readonly reference?: string
}

const base = () => String(process.env.CAMPAIGN_DOWNSTREAM)

/**
 * Sends one change, asking first whether it may: the downstream can leave it half sent. A refusal is a definite no;
 * whatever else is no clear yes leaves the outcome unknown.
 */
export async function change(call: ToolCall, { path, ...body }: Wish): Promise<Shown> {
  const text = JSON.stringify(body)
  const { status, body: said } = await send(call, 'POST', path, body.subject, text)
  if (status === 422) throw notCommitted('the downstream refused')
  if (status !== 200) throw new Error(`the downstream answered ${status}: ${said}`)
  return JSON.parse(said) as Shown
}

/** What the downstream shows at an address; null if it has nothing there. */
export async function look<Found>(call: ToolCall, path: string, subject: string): Promise<Found | null> {
  const { status, body } = await send(call, 'GET', path, subject)
  if (status === 404) return null
  if (status !== 200) throw new Error(`the downstream answered ${status}`)
  return JSON.parse(body) as Found
}

function send(
  call: ToolCall,
  method: 'GET' | 'POST',
  path: string,
  subject: string,
  text?: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${call.credentials.downstream}`,
      'idempotency-key': call.idempotencyKey,
      'x-tenant': call.tenant,
      'x-action': call.actionId,
      'x-subject': subject,
      'x-pid': String(process.pid),
    }
    const sending = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text ?? ''),
      expect: '100-continue',
    }
    const asked = request(
      `${base()}${path}`,
      { method, signal: call.signal, agent: false, headers: { ...headers, ...(text !== undefined && sending) } },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('error', reject)
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        )
      },
    )
    asked.once('error', reject)
    if (text === undefined) asked.end()
    else {
      asked.once('continue', () => asked.end(text))
      asked.flushHeaders()
    }
  })
}
