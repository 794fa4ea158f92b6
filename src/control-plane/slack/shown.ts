import type { ApprovalView } from '../approval-view.js'

/** What a button is of, as it was drawn: the request and the digests of what was shown. */
export interface Shown {
  readonly approval_id: string
  readonly envelope_digest: string
  readonly rendering_digest: string
}

/** What a button, or a modal, carries. */
export function buttonValue({
  id,
  envelope_digest,
  rendering_digest,
}: Pick<ApprovalView, 'id' | 'envelope_digest' | 'rendering_digest'>): string {
  return JSON.stringify([id, envelope_digest, rendering_digest])
}

/** Null for what we never drew. */
export function readValue(value: string): Shown | null {
  const [approval_id, envelope_digest, rendering_digest] = parse(value)
  if (!isName(approval_id) || !isName(envelope_digest) || !isName(rendering_digest)) return null
  return { approval_id, envelope_digest, rendering_digest }
}

function parse(value: string): unknown[] {
  try {
    const read: unknown = JSON.parse(value)
    return Array.isArray(read) && read.length === 3 ? read : []
  } catch {
    return []
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w:.+/=-]{1,200}$/.test(value)
}
