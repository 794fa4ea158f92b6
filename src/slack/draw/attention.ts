import type { AttentionView } from '../../control-plane/attention/attention-view.js'
import type { AttentionState } from '../../domain/attention.js'
import { reasonWords } from '../../domain/attention-words.js'
import { tellMoney } from '../../domain/money.js'
import { printable } from '../../domain/printable.js'
import { linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { actions, clip, context, escaped, header, lines } from './texts.js'

const longest = 150
const titles: Readonly<Record<AttentionState, string>> = {
  open: 'Needs attention',
  decided: 'Decided',
  settled: 'Settled meanwhile',
}

/** How the message about something that a machine may not settle looks. It is decided elsewhere: it takes looking. */
export function drawAttention(view: AttentionView, inbox: string): Drawing {
  const of = [...(view.amount ? [tellMoney(view.amount)] : []), clip(printable(view.resource), longest)].join(' - ')
  const open = view.state === 'open'
  const title = `${titles[view.state]}: ${of}`
  return {
    text: escaped(title),
    blocks: [
      header(title),
      lines([
        [{ bold: clip(printable(view.title), longest) }, `, step ${view.step}, asked by ${view.agent}`],
        [{ bold: 'What is wrong: ' }, reasonWords[view.reason]],
        [{ bold: 'What is known of it: ' }, view.effect ?? 'nothing'],
        [{ bold: 'May decide: ' }, view.groups.join(', ') || 'nobody'],
        ...(open ? [[`It takes a look: decide in the inbox, or with exq attention show ${view.id}`]] : []),
        ...(view.resolution
          ? [[{ bold: 'Decided: ' }, `${view.resolution.choice} by ${view.resolution.decided_by}`]]
          : []),
      ]),
      context(`${view.risk} risk - ${view.id}, action ${view.action_id}`),
      ...(open ? [actions(linkButton('inbox', 'Open in the inbox', inbox))] : []),
    ],
  }
}
