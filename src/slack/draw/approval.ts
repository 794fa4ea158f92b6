import type { types } from '@slack/bolt'
import type { ApprovalView } from '../../control-plane/approval-view.js'
import { buttonValue } from '../../control-plane/slack/shown.js'
import type { Ending } from '../../control-plane/slack/slack-posts.js'
import { printable } from '../../domain/printable.js'
import type { Rendering } from '../../domain/rendered.js'
import { readRendering } from '../../domain/rendering.js'
import { tellUndo } from '../../domain/tell-undo.js'
import { buttons, linkButton } from '../button.js'
import type { Drawing } from '../web.js'
import { drawAsked, drawWhat, drawWhy, subjectOf } from './request.js'
import { isWhole, messageRoom, type Room } from './room.js'
import { drawStanding, states } from './standing.js'
import { tellTogether } from './steps.js'
import { actions, type Block, clip, context, escaped, header, isolated, plainText, section } from './texts.js'

const longestQuestion = 200
const longestSubject = 100
const longestInTitle = 50

/** How the message about an approval request looks: to everybody, as it stands. */
export function drawApproval(view: ApprovalView, ending: Ending | null): Drawing {
  const rendering = readRendering(view.rendering)
  const subject = rendering
    ? subjectOf(rendering, longestSubject)
    : isolated(clip(printable(view.target), longestSubject))
  const title = `${states[view.state]}: ${subject}`
  return {
    text: escaped(title),
    blocks: [
      header(title),
      ...drawRequest(view, rendering),
      ...drawStanding(view, ending),
      context(
        `${view.risk} risk${rendering ? `, ${tellUndo(rendering.steps)}` : ''} - ${view.id} - sealed as ${view.rendering_digest.slice(0, 'sha256:'.length + 12)}`,
      ),
      ...(view.state === 'waiting' ? [actionsOf(view, rendering)] : []),
    ],
  }
}

/** All of it while it waits; afterwards what it was. */
function drawRequest(view: ApprovalView, rendering: Rendering | null): Block[] {
  if (!rendering) return [drawText(view.rendering)]
  if (view.state !== 'waiting') return [drawAsked(rendering, messageRoom)]
  return [...drawWhat(rendering, messageRoom), ...drawWhy(rendering, messageRoom)]
}

/** What was sealed before there were descriptions. */
export function drawText(rendering: string): Block {
  return section(rendering.split('\n').map(printable).map(isolated).join('\n'))
}

/** May a click approve it, where it is shown so far? What is riskier, flagged or not shown in full takes more than that. */
export function isForSlack(view: ApprovalView, rendering: Rendering | null, room: Room): rendering is Rendering {
  const light = view.approve_by.slack && view.method_needed === 'any' && view.flags.length === 0
  return light && rendering !== null && isWhole(rendering, room)
}

export function approveButton(view: ApprovalView, rendering: Rendering): types.Button {
  const question = `${isolated(clip(rendering.headline.text, longestQuestion))} (${tellTogether(rendering)})`
  return {
    type: 'button',
    action_id: buttons.approve,
    style: 'primary',
    text: plainText('Approve'),
    value: buttonValue(view),
    confirm: {
      title: plainText(`Approve ${subjectOf(rendering, longestInTitle)}?`, 100),
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
