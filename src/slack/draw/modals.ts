import type { ApprovalView } from '../../control-plane/approval-view.js'
import { buttonValue } from '../../control-plane/slack/shown.js'
import { printable } from '../../domain/printable.js'
import { readRendering } from '../../domain/rendering.js'
import { rejectModal } from '../button.js'
import type { Modal } from '../web.js'
import { approveButton, drawText, isForSlack } from './approval.js'
import { tellLimits } from './limits.js'
import { drawWhat, drawWhy, subjectOf } from './request.js'
import { isWhole, modalRoom } from './room.js'
import { drawStanding, states } from './standing.js'
import { actions, type Block, clip, context, isolated, lines, plainText, section } from './texts.js'

const mostBlocks = 100
const longestReason = 2_000
const longestSubject = 120
const longestHeadline = 250

/** A modal that says one thing, or shows one thing. */
export function modal(title: string, blocks: readonly Block[]): Modal {
  return { type: 'modal', title: plainText(title, 24), close: plainText('Close'), blocks: [...blocks] }
}

export function sayInModal(title: string, text: string): Modal {
  return modal(title, [section(text)])
}

/** Everything about a request that fits; where it is all of it, it can be approved from here too. */
export function drawDetails(view: ApprovalView): Modal {
  const rendering = readRendering(view.rendering)
  if (!rendering) return modal(states[view.state], [drawText(view.rendering), ...drawStanding(view, null)])
  const whole = isWhole(rendering, modalRoom)
  const { then, policy, tenant, previous } = rendering
  const blocks = [
    ...drawWhat(rendering, modalRoom),
    ...drawWhy(rendering, modalRoom),
    ...drawStanding(view, null),
    lines([
      [{ bold: 'If approved: ' }, isolated(then.approve)],
      [{ bold: 'If rejected: ' }, isolated(then.reject)],
      [{ bold: 'If nobody decides: ' }, isolated(then.silence)],
      ...tellLimits(rendering, view),
      [{ bold: 'Tenant ' }, isolated(tenant)],
      ...(previous ? [[{ bold: 'In place of the envelope ' }, previous]] : []),
    ]),
    context(`${view.id}, action ${view.action_id}`),
    context(`Envelope ${view.envelope_digest}, rendering ${view.rendering_digest}, policy ${policy.digest}`),
  ]
  if (!whole || blocks.length >= mostBlocks)
    return modal(states[view.state], [
      section('This is more than Slack can show: decide on it in the inbox.'),
      ...blocks.slice(0, mostBlocks - 2),
    ])
  const approves = view.state === 'waiting' && isForSlack(view, rendering, modalRoom)
  return modal(states[view.state], [...blocks, ...(approves ? [actions(approveButton(view, rendering))] : [])])
}

/** Asks why, says what is to be rejected, and carries it. */
export function askReason(view: ApprovalView): Modal {
  const rendering = readRendering(view.rendering)
  const subject = rendering
    ? subjectOf(rendering, longestSubject)
    : isolated(clip(printable(view.target), longestSubject))
  return {
    type: 'modal',
    callback_id: rejectModal,
    private_metadata: buttonValue(view),
    title: plainText('Reject', 24),
    submit: plainText('Reject'),
    close: plainText('Not yet'),
    blocks: [
      lines([
        [{ bold: `Reject ${subject}?` }],
        ...(rendering ? [[isolated(clip(rendering.headline.text, longestHeadline))]] : []),
      ]),
      {
        type: 'input',
        block_id: 'reason',
        label: plainText('Why? Whoever asked will read it. A rejection is final.'),
        element: { type: 'plain_text_input', action_id: 'text', multiline: true, max_length: longestReason },
      },
    ],
  }
}
