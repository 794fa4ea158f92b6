import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { decisionOf, intentFor, under } from '../_util/ledger-rows.js'
import { newKey, registrationOf } from '../_util/person-key.js'
import { loseCall } from '../surfaces/http-lost-calls.js'
import type { InboxDesk } from './inbox-desk.js'
import { credit, giveCredit } from './tools.js'

/** Everything there is to be seen, and who sees it: tokens of people, ids of what is shown. */
export type Scenes = Awaited<ReturnType<typeof openScenes>>

export async function openScenes(desk: InboxDesk) {
  const { bob, ann } = desk.tokens
  const cat = await desk.person('cat', 'finance')
  const guard = await desk.person('guard', 'security')
  const nobody = await desk.person('nora', 'privacy')
  const vote = async (approval: string, token: string, kind: string) => {
    const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token })
    const said = { vote: kind, reason: 'Not without a ticket.', envelope_digest: body.envelope_digest }
    const headers = { 'x-exequatur-surface': 'cli' }
    await desk.call('POST', `/v1/approvals/${approval}/votes`, { token, body: said, headers })
  }
  const keyed = await desk.person('kim', 'finance')
  await desk.call('POST', '/v1/keys', { token: keyed, body: registrationOf(newKey(), 'acme', 'person:kim') })
  const reason = 'The customer waited three weeks for an answer, and was promised this.'
  const medium = await desk.ask('1042', { context: { reason } })
  const flagged = await desk.ask('77', {
    args: { message: `\u202e${'Sorry for that. '.repeat(60)}` },
    context: { reason },
  })
  const high = await desk.askFor('high', { tool: 'cancel_subscription', args: { subscription_id: 'sub_41' } })
  const contested = await desk.ask('1043')
  const decided = await desk.ask('1044')
  await vote(decided.approval, bob, 'approve')
  const expired = await desk.askFor('late', { tool: 'give_credit', args: credit({ account: 'acct_late' }) }, 1)
  const attention = await lostCall(desk)
  await ranWithoutPeople(desk)
  await desk.call('POST', '/v1/stops', { token: ann, body: { scope: 'agent:other', reason: 'It asks without end.' } })
  return {
    bob,
    guard,
    nobody,
    keyed,
    medium: medium.approval,
    flagged: flagged.approval,
    high: high.approval,
    contested: contested.approval,
    /** What somebody else does, on the command line, while the page shows it. */
    rejectContested: () => vote(contested.approval, cat, 'reject'),
    expired: expired.approval,
    attention,
  }
}

async function lostCall(desk: InboxDesk): Promise<string> {
  const request = { tool: 'cancel_subscription', args: { subscription_id: 'sub_9' }, context: { request_id: 'lost' } }
  const { attention } = await loseCall(desk, request)
  return attention
}

/** A credit that nobody was asked about; resolves to the id of its action. */
export async function ranWithoutPeople(desk: InboxDesk, name = 'small'): Promise<string> {
  const args = credit({ account: `acct_${name}`, amount_cents: 900, new_balance_cents: 1_900 })
  const { body } = await desk.submit({ tool: 'give_credit', args, context: { request_id: name, ticket_id: 'zd_1' } })
  const intent = await intentFor(
    desk.database.serverPool,
    { tenant: 'acme', action_id: body.id },
    {
      tool: 'give_credit',
      args,
      decision: decisionOf({ contract_digest: giveCredit.digest }),
      under: { ...under, agent: 'agent:support_refunds_v2' },
    },
  )
  await recordIntent(desk.database.executorPool, intent)
  await recordOutcome(desk.database.executorPool, intent, 1, { effect: 'committed', output: null, error: null })
  await desk.end(body.id, 'succeeded')
  return body.id
}
