import { giveUpAfterMs } from '../../domain/delivery.js'
import { ExequaturError } from '../../domain/errors.js'
import { findApproval } from '../../ledger/queries/find-approval.js'
import { listSlackPosts } from '../../ledger/queries/list-slack-posts.js'
import { loadAction } from '../../ledger/queries/load-action.js'
import { recordSlackPost, type SlackPost } from '../../ledger/queries/record-slack-post.js'
import { redrawSlackPost } from '../../ledger/queries/redraw-slack-post.js'
import { type RefusedPost, refuseSlackPost } from '../../ledger/queries/refuse-slack-post.js'
import { wasPosted } from '../../ledger/queries/was-posted.js'
import { admittedFor } from '../admitted-for.js'
import { type ApprovalView, viewApproval } from '../approval-view.js'
import { type AttentionView, viewAttention } from '../attention/attention-view.js'
import type { ControlPlane } from '../control-plane.js'

export type { SlackPost }

/** What a message shows: to everybody who can read it, and so as nobody in particular sees it. */
export type Posted =
  | { readonly kind: 'approval'; readonly view: ApprovalView; readonly ending: Ending | null }
  | { readonly kind: 'attention'; readonly view: AttentionView; readonly ending: Ending | null }

/** How the action ended. */
export interface Ending {
  readonly outcome: string
  readonly explanation: string
}

/** The messages of one tenant, as the ledger remembers them. */
export function slackPosts(plane: ControlPlane, tenant: string) {
  const { pool } = plane
  return {
    wasPosted: (delivery: string) => wasPosted(pool, tenant, delivery),
    remember: (post: SlackPost) => recordSlackPost(pool, tenant, post),
    /** The action that an approval request is of; null if there is no such request. */
    actionOf: async (approvalId: string) => (await findApproval(pool, tenant, approvalId))?.action_id ?? null,
    /** Those that may have to be drawn anew: all, or those about one action. */
    open: (actionId: string | null) => listSlackPosts(pool, tenant, actionId),
    /** False if somebody else has drawn it meanwhile. */
    redrawn: (post: SlackPost, now: { readonly drawn: string; readonly closed: boolean }) =>
      redrawSlackPost(pool, tenant, post, now),
    /** Slack does not take it. After a day of that it is left as it is; null if somebody else has drawn it meanwhile. */
    refused: (post: SlackPost, word: string): Promise<RefusedPost | null> =>
      refuseSlackPost(pool, tenant, post, { word, giveUpMs: giveUpAfterMs }),
    /**
     * Reads an action, once: what is to be shown now of anything about it. Throws `EXQ-6001`, and what it resolves to
     * `EXQ-4001`, `EXQ-5030`.
     */
    look: async (action_id: string): Promise<(post: Pick<SlackPost, 'kind' | 'about'>) => Posted> => {
      const [record, authority] = await Promise.all([
        loadAction(pool, { tenant, action_id }),
        plane.authorities.current(tenant),
      ])
      if (!record || !authority) throw new ExequaturError('EXQ-6001', `${action_id} of ${tenant}`)
      const admitted = admittedFor(plane, { authority }, record)
      const { outcome, explanation } = record
      const ending = outcome === null ? null : { outcome, explanation: explanation ?? '' }
      return ({ kind, about }) => {
        if (kind === 'approval') {
          const row = record.envelopes.find(({ id }) => id === about)
          if (!row) throw new ExequaturError('EXQ-4001', about)
          return { kind, view: viewApproval(plane, admitted, row, nobody), ending }
        }
        const row = record.attentions.find(({ id }) => id === about)
        if (!row) throw new ExequaturError('EXQ-5030', about)
        return { kind, view: viewAttention(plane, admitted, row, nobody), ending }
      }
    },
  }
}

const nobody = ''
