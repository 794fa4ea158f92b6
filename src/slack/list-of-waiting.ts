import type { ApprovalView } from '../control-plane/approval-view.js'
import type { ControlPlane } from '../control-plane/control-plane.js'
import { listApprovals } from '../control-plane/list-approvals.js'
import { type SlackUser, slackCaller } from '../control-plane/slack/slack-user.js'
import { byRiskAndAge } from '../domain/by-risk-and-age.js'
import { drawWaiting } from './draw/waiting.js'
import { drawSentence } from './tell.js'
import type { Drawing } from './web.js'

const pageOf = 100
const mostPages = 20

/** The list of what waits for somebody in Slack, below what there is to say to them. Throws `EXQ-5045`. */
export async function drawList(plane: ControlPlane, asking: SlackUser, said?: string): Promise<Drawing> {
  const { items, more } = await waitingFor(plane, asking)
  return drawWaiting(byRiskAndAge(items), more, said)
}

/** The list after something was decided. That is said also where the list cannot be drawn. */
export async function drawListAfter(plane: ControlPlane, asking: SlackUser, said: string): Promise<Drawing> {
  return drawList(plane, asking, said).catch(() => drawSentence(said))
}

/** All that waits for somebody, or as much as can be looked through. A page holds what waits for anybody. */
async function waitingFor(plane: ControlPlane, asking: SlackUser) {
  const caller = await slackCaller(plane, asking)
  const items: ApprovalView[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const found = await listApprovals(plane, caller, { limit: pageOf, cursor })
    items.push(...found.items)
    if (found.next === null) return { items, more: false }
    cursor = found.next
  }
  return { items, more: true }
}
