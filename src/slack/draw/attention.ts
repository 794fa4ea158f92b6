import type { AttentionView } from '../../control-plane/attention/attention-view.js'
import type { AttentionState } from '../../domain/attention.js'
import { reasonWords } from '../../domain/attention-words.js'
import { tellMoney } from '../../domain/money.js'
import { printable } from '../../domain/printable.js'
import { linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { actions, clip, context, escaped, header, isolated, lines } from './texts.js'

const longest = 100
const mostPeople = 8
const titles: Readonly<Record<AttentionState, string>> = {
  open: 'Needs attention',
  decided: 'Decided',
  settled: 'Settled meanwhile',
}

/** How the message about something that a machine may not settle looks. It is decided elsewhere: it takes looking. */
export function drawAttention(view: AttentionView, inbox: string): Drawing {
  const of = [...(view.amount ? [tellMoney(view.amount)] : []), theirs(view.resource)].join(' - ')
  const open = view.state === 'open'
  const title = `${titles[view.state]}: ${of}`
  return {
    text: escaped(title),
    blocks: [
      header(title),
      lines([
        [{ bold: theirs(view.title) }, `, step ${view.step}, asked by ${theirs(view.agent)}`],
        [{ bold: 'What is wrong: ' }, reasonWords[view.reason]],
        [{ bold: 'What is known of it: ' }, view.effect ?? 'nothing'],
        [{ bold: 'May decide: ' }, tellDeciders(view)],
        ...(open ? [[`It takes a look: decide in the inbox, or with exq attention show ${view.id}`]] : []),
        ...(view.resolution
          ? [[{ bold: 'Decided: ' }, `${view.resolution.choice} by ${theirs(view.resolution.decided_by)}`]]
          : []),
      ]),
      context(`${view.risk} risk - ${view.id}, action ${view.action_id}`),
      ...(open ? [actions(linkButton('inbox', 'Open in the inbox', inbox))] : []),
    ],
  }
}

/** The groups that are asked, and who may decide as things stand now: where no group is named, the owner of the tool does. */
function tellDeciders({ groups, deciders }: AttentionView): string {
  const more = deciders.length > mostPeople ? [`${deciders.length - mostPeople} more`] : []
  const people = [...deciders.slice(0, mostPeople).map(theirs), ...more].join(', ') || 'nobody'
  return groups.length > 0 ? `${people} (of ${theirs(groups.join(', '))})` : people
}

function theirs(text: string): string {
  return isolated(clip(printable(text), longest))
}
