import type { types } from '@slack/bolt'
import type { ApprovalView } from '../../control-plane/approval-view.js'
import { buttonValue } from '../../control-plane/slack/shown.js'
import type { Ending } from '../../control-plane/slack/slack-posts.js'
import type { Rendering } from '../../domain/rendered.js'
import { readRendering } from '../../domain/rendering.js'
import { buttons, linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { drawWhat, drawWhy, isWhole, messageRoom, type Room, subjectOf } from './request.js'
import { drawStanding, states } from './standing.js'
import { actions, type Block, clip, context, escaped, header, plainText, section } from './texts.js'

const longestQuestion = 250
const longestSubject = 120

/** How the message about an approval request looks: to everybody, as it stands. */
export function drawApproval(view: ApprovalView, ending: Ending | null): Drawing {
  const rendering = readRendering(view.rendering)
  const subject = rendering ? subjectOf(rendering) : view.target
  const title = `${states[view.state]}: ${clip(subject, longestSubject)}`
  const what = rendering
    ? [...drawWhat(rendering, messageRoom), ...drawWhy(rendering, messageRoom)]
    : [section(view.rendering)]
  return {
    text: escaped(title),
    blocks: [
      header(title),
      ...(view.state === 'waiting' ? what : what.slice(0, 1)),
      ...drawStanding(view, ending),
      context(
        `${view.risk} risk${tellUndo(rendering)} - ${view.id} - sealed as ${view.rendering_digest.slice(0, 'sha256:'.length + 12)}`,
      ),
      ...(view.state === 'waiting' ? [actionsOf(view, rendering)] : []),
    ],
  }
}

/** Whether all of it can be undone, as far as the contracts say. */
function tellUndo(rendering: Rendering | null): string {
  if (!rendering) return ''
  return rendering.steps.every(({ undoable }) => undoable) ? ', can be undone' : ', CANNOT BE UNDONE'
}

/** May a click approve it, where it is shown so far? What is riskier, flagged or not shown in full takes more than that. */
export function isForSlack(view: ApprovalView, rendering: Rendering | null, room: Room): rendering is Rendering {
  const light = view.approve_by.slack && view.method_needed === 'any' && view.flags.length === 0
  return light && rendering !== null && isWhole(rendering, room)
}

export function approveButton(view: ApprovalView, rendering: Rendering): types.Button {
  const question = `${clip(rendering.headline.text, longestQuestion)}`
  return {
    type: 'button',
    action_id: buttons.approve,
    style: 'primary',
    text: plainText('Approve'),
    value: buttonValue(view),
    confirm: {
      title: plainText(`Approve ${clip(subjectOf(rendering), 80)}?`, 100),
      text: plainText(question, 300),
      confirm: plainText('Approve'),
      deny: plainText('Not yet'),
    },
  }
}

/** Decide, look closer, or go where it can be decided, or looked up. */
function actionsOf(view: ApprovalView, rendering: Rendering | null): Block {
  const { inbox, ticket, incident, user, workflow } = view.links
  const value = buttonValue(view)
  const approves = isForSlack(view, rendering, messageRoom)
  const places = { ticket, incident, user, workflow }
  return actions(
    ...(approves ? [approveButton(view, rendering)] : []),
    { type: 'button', action_id: buttons.reject, style: 'danger', text: plainText('Reject'), value },
    { type: 'button', action_id: buttons.details, text: plainText('Details'), value },
    ...(inbox ? [linkButton('inbox', approves ? 'Open in the inbox' : 'Approve in the inbox', inbox)] : []),
    ...Object.entries(places).flatMap(([to, url]) => (url ? [linkButton(to, `Open the ${to}`, url)] : [])),
  )
}
