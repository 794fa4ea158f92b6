import type { types } from '@slack/bolt'
import type { ApprovalView } from '../control-plane/approval-view.js'
import type { Shown } from '../control-plane/slack/decide-in-slack.js'
import { ExequaturError } from '../domain/errors.js'
import { plainText } from './draw/texts.js'

/** The buttons that we draw, by the ids that clicks name. */
export const buttons = {
  approve: 'exequatur-approve',
  reject: 'exequatur-reject',
  details: 'exequatur-details',
} as const

/** Of a button that is a link: Slack tells of the click, and there is nothing to do. */
export const linkIds = /^exequatur-open-[a-z]+$/

/** A button that leads somewhere. */
export function linkButton(to: string, text: string, url: string): types.Button {
  return { type: 'button', action_id: `exequatur-open-${to}`, text: plainText(text), url }
}

/** Modals that are submitted. */
export const rejectModal = 'exequatur-reject-reason'

/** What a button, or a modal, is of: the request, and the digests of exactly what was drawn. */
export function buttonValue({
  id,
  envelope_digest,
  rendering_digest,
}: Pick<ApprovalView, 'id' | 'envelope_digest' | 'rendering_digest'>): string {
  return JSON.stringify([id, envelope_digest, rendering_digest])
}

/** Throws `EXQ-5049` for what we never drew. */
export function readValue(value: string | undefined): Shown {
  const [approval_id, envelope_digest, rendering_digest] = parse(value ?? '')
  if (!isName(approval_id) || !isName(envelope_digest) || !isName(rendering_digest))
    throw new ExequaturError('EXQ-5049', 'it carries no request')
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
