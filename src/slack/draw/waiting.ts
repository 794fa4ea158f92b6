import type { ApprovalView } from '../../control-plane/approval-view.js'
import type { Drawing } from '../web.js'
import { drawApproval } from './approval.js'
import { type Block, header, section } from './texts.js'

/** As many as fit into one message with all that is to be known of them. */
const mostWaiting = 5
const mostBlocks = 48

/** What waits for one person, in the order in which it is to be shown, below what was `said` to them. */
export function drawWaiting(views: readonly ApprovalView[], more: boolean, said?: string): Drawing {
  const top = said === undefined ? [] : [section(said)]
  if (views.length === 0) {
    const text = more ? 'More waits than can be looked through here: look into the inbox.' : 'Nothing waits for you.'
    return { text: said ?? text, blocks: [...top, section(text)] }
  }
  const blocks: Block[] = []
  let shown = 0
  for (const view of views.slice(0, mostWaiting)) {
    const drawn = drawApproval(view, null).blocks
    if (blocks.length + drawn.length > mostBlocks) break
    blocks.push(...drawn, { type: 'divider' })
    shown += 1
  }
  const left = more || shown < views.length
  return {
    text: said ?? `${shown} requests wait for you.`,
    blocks: [
      ...top,
      header(left ? `Look first at these ${shown}` : `${shown} wait for you`),
      ...blocks.slice(0, -1),
      ...(left ? [section('There are more: decide on these first, or look into the inbox.')] : []),
    ],
  }
}
