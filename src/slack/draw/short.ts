import { linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { actions, section } from './texts.js'

/** A message of which Slack does not take all: its title, and the way to the rest. */
export function drawShort({ text, blocks }: Drawing, inbox: string): Drawing {
  return {
    text,
    blocks: [
      ...blocks.slice(0, 1),
      section('Slack does not take the rest of this: look at it in the inbox.'),
      actions(linkButton('inbox', 'Open in the inbox', inbox)),
    ],
  }
}
