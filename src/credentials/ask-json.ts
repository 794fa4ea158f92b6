import { leaseRefused } from '../contract/lease-refused.js'
import { isObject } from '../domain/json.js'

const largestAnswer = 64 * 1_024

/** One request, not redirected. Rejects with a `LeaseRefused` that says nothing but whom it asked and the status. */
export async function askJson(
  whom: string,
  url: string,
  init: { readonly signal: AbortSignal; readonly form?: URLSearchParams; readonly headers?: Record<string, string> },
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      signal: init.signal,
      headers: { accept: 'application/json', ...init.headers },
      ...(init.form && { method: 'POST', body: init.form }),
    })
    const text = await textOf(answer)
    const body: unknown = text === '' ? {} : JSON.parse(text)
    if (isObject(body)) return { status: answer.status, body }
  } catch {
    // Said below, without the text of whoever answered.
  }
  throw leaseRefused(`${whom} gave no answer that can be read`)
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength
    if (size > largestAnswer) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
