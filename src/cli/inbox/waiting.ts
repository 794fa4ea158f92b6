import type { ApprovalView } from '../../control-plane/approval-view.js'
import type { Api } from '../api.js'

export interface Waiting {
  readonly items: readonly ApprovalView[]
  readonly next: string | null
}

/** What waits for whoever asks, oldest first. */
export async function waitingFor(api: Api, limit: number, cursor?: string): Promise<Waiting> {
  const items: ApprovalView[] = []
  let next = cursor ?? null
  // A page holds what waits for anybody, less what others decide: it may be empty although more follow.
  do {
    const page = await api.listApprovals({ limit: limit - items.length, cursor: next ?? undefined })
    items.push(...page.items)
    next = page.next
  } while (next && items.length < limit)
  return { items, next }
}
