import type { types } from '@slack/bolt'
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
