import { linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { actions, lines } from './texts.js'

/** A code that makes somebody known, where they confirm it. */
export function drawLink({
  code,
  expires_at,
  url,
}: {
  readonly code: string
  readonly expires_at: string
  readonly url: string
}): Drawing {
  return {
    text: 'Say where you are signed in that this is you.',
    blocks: [
      lines([
        ['Say where you are signed in that this is you: what you decide in Slack is yours from then on.'],
        [{ bold: 'On the command line: ' }, `exq slack link ${code}`],
        ['Give this to nobody: it works once, until ', { until: expires_at }, '.'],
      ]),
      actions(linkButton('inbox', 'Confirm in the inbox', url)),
    ],
  }
}
