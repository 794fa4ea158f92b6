import { crashPoint } from '../src/crash-point.js'
import { digest } from '../src/digest.js'
import { scopeOf } from '../src/domain/budget.js'
import { isRechecked } from '../src/domain/looks.js'
import { kindsRead, readKinds } from '../src/domain/session.js'
import type { Admitted } from '../src/evidence/admitted.js'
import { decideCall, noApprovals, sessionOf } from '../src/evidence/decide-steps.js'
import { isBound, scopesToHold, standingOf, underStandings } from '../src/evidence/escrow.js'
import { newestLook } from '../src/evidence/looks.js'
import { countedCall, type PlannedCall } from '../src/evidence/planned-calls.js'
import { undecided } from '../src/evidence/turn.js'
import { approvalsFor, envelopeOf, isFresh, validVotes } from '../src/evidence/votes.js'
import { type Db, inTransaction } from '../src/ledger/pool.js'
import { recordDecisions, type ToolDecision } from '../src/ledger/queries/record-decisions.js'
import { type Counted, type Intent, recordIntent } from '../src/ledger/queries/record-intent.js'
import { takeBudgetScopes } from '../src/ledger/queries/take-budget-scopes.js'
import { noteBudgetEvents } from './budget-events.js'
import type { Call, ExecutorDeps } from './call.js'
import { type Moment, presentMoment } from './elapsed.js'
import { identitiesOf } from './identities.js'
import { heldByFacts, refusalOf, refusedCall } from './refused-call.js'
import { stepOf } from './request.js'
import { retryLater } from './retry.js'

/** What came of asking for a call: where its attempt is written, when that began. */
type Settled = 'refused' | 'undecided' | 'moved' | { readonly startedAt: Moment }

/**
 * Writes the intent and its first attempt, or why there is none; resolves to when it began to write them: what was waited
 * for before that is no part of the call. Null: look at the ledger again. What counts for scopes that it shares with other
 * calls is decided while these are held; all else in the one statement that writes.
 */
export async function authorise(deps: ExecutorDeps, admitted: Admitted, call: Call): Promise<Moment | null> {
  const refusal = refusalOf(deps, admitted, call) ?? heldByFacts(admitted, call)
  const counted = countedOf(admitted, call)
  const bound = !refusal && counted !== null && isBound(deps, admitted, counted)
  const settled = bound
    ? await inTransaction(deps.pool, async (db) => {
        await takeBudgetScopes(db, call.ref.tenant, scopesToHold(deps, admitted, counted))
        const standings = await standingOf(deps, db, admitted, [counted])
        const standing = standings.get(counted.step)
        const refused = standing?.refusal ? refusedCall(admitted, call, standing.refusal) : null
        const answer = await settle(deps, db, underStandings(admitted, standings), call, counted, refused)
        const { events = [] } = standing ?? {}
        // What was refused took nothing, and brought no budget near its limit.
        const noted = answer === 'refused' ? events.filter(({ kind }) => kind === 'reached') : events
        if (answer === 'refused' || typeof answer === 'object')
          await noteBudgetEvents(deps, db, admitted, { step: counted.step, round: call.round }, noted)
        return answer
      })
    : await settle(deps, deps.pool, admitted, call, counted, refusal)
  if (settled === 'undecided')
    throw retryLater(undecided(admitted, { ...call.ref, round: call.round }) ?? 'the round is not decided yet')
  return typeof settled === 'object' ? settled.startedAt : null
}

/** How a call counts; our own services count for nobody. */
function countedOf(admitted: Admitted, { ref, contract, args }: Call): PlannedCall | null {
  if (ref.phase !== 'execute') return null
  return countedCall(admitted, {
    step: ref.step,
    contract,
    args,
    observed: newestLook(admitted, ref.step)?.output ?? null,
  })
}

async function settle(
  deps: ExecutorDeps,
  db: Db,
  admitted: Admitted,
  call: Call,
  counted: PlannedCall | null,
  refusal: Omit<ToolDecision, 'tool'> | null,
): Promise<Settled> {
  const { record, request, authority } = admitted
  const approval = approvalOf(deps, admitted, call)
  const newest = call.ref.phase === 'execute' ? newestLook(admitted, call.ref.step) : undefined
  const decision: Omit<ToolDecision, 'tool'> =
    refusal ??
    decideCall(admitted, stepOf(admitted.request, call.ref.step), {
      ...call,
      // What the round rests on is settled; the policy sees what is so now.
      observed: newest?.output ?? null,
      approvals: approval.counts,
    })
  const under = identitiesOf(admitted)
  const tool = call.contract.contract.name
  const rechecked = call.ref.phase === 'execute' && isRechecked(call.contract.contract)
  if ((decision.result !== 'allow' || rechecked) && undecided(admitted, { ...call.ref, round: call.round }))
    return 'undecided'
  if (decision.result !== 'allow') {
    await recordDecisions(db, { ...call.ref, stage: 'intent', round: call.round, under }, [
      { ...decision, tool, ...(newest && { look: newest.look }) },
    ])
    return 'refused'
  }
  crashPoint('intent.decided')
  const startedAt = presentMoment()
  const written = await recordIntent(db, {
    ...call.ref,
    round: call.round,
    principal: call.principal.id,
    tool,
    session: request.session ?? null,
    session_window_ms: deps.sessionWindowMs,
    // An undo goes on whatever was read meanwhile.
    known_reads: call.undo ? readKinds : kindsRead(sessionOf(admitted, call.ref.step)),
    reads: call.undo ? [] : (call.contract.contract.reads ?? []),
    args: call.args,
    args_digest: digest(call.args),
    idempotency_key: call.key,
    decision,
    request_digest: record.request_digest,
    authority_revision: authority.revision,
    action_revision: record.revision,
    envelope_digest: approval.used,
    of_attempt: call.undoes?.attempt ?? null,
    look: rechecked ? (newest?.look ?? null) : null,
    executor: deps.executor,
    under,
    counts: counted && countsOf(counted),
    repeats: counted && repeatsOf(deps),
  })
  if (written === 'repeated' && counted) return stopLoop(deps, db, admitted, call, counted)
  return written === 'written' ? { startedAt } : 'moved'
}

function repeatsOf({ budgetRules }: ExecutorDeps): Intent['repeats'] {
  const loops = budgetRules?.loops
  return loops ? { most: loops.identicalCalls, window_ms: loops.windowMs } : null
}

/** Denies the same call once it was made too often. */
async function stopLoop(
  deps: ExecutorDeps,
  db: Db,
  admitted: Admitted,
  call: Call,
  { spender, step }: PlannedCall,
): Promise<Settled> {
  if (undecided(admitted, { ...call.ref, round: call.round })) return 'undecided'
  const { most = 0, window_ms = 0 } = repeatsOf(deps) ?? {}
  const explanation = `EXQ-1122 ${spender.tool} was called ${most} times with exactly these arguments lately.`
  const under = identitiesOf(admitted)
  const decision = { ...refusedCall(admitted, call, explanation), tool: spender.tool }
  await recordDecisions(db, { ...call.ref, stage: 'intent', round: call.round, under }, [decision])
  const scope = scopeOf(['agent', 'tool'], spender)
  const event = { kind: 'loop', budget: 'loops', scope, used: most, amount: 1, most, window_ms } as const
  await noteBudgetEvents(deps, db, admitted, { step, round: call.round }, [event])
  return 'refused'
}

function countsOf({ spender, amount }: PlannedCall): Counted {
  const { owner, target } = spender
  const { writes, spend_cents, currency } = amount
  return { owner, target, writes: writes > 0, spend_cents, currency }
}

/** What the approvals on this round's envelope are worth, and which envelope they use up. */
function approvalOf(
  deps: ExecutorDeps,
  admitted: Admitted,
  call: Call,
): { counts: Record<string, number>; used: string | null } {
  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined
  if (!row || row.left_ms <= 0 || !isFresh(admitted, row)) return { counts: noApprovals(deps.groups), used: null }
  return { counts: approvalsFor(deps, admitted, call.ref.step, row, validVotes(deps, admitted, row)), used: row.digest }
}
