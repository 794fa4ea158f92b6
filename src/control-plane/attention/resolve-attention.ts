import { checkSide } from '../../contract/check-args.js'
import { choicesFor, meaningOf, needsEvidence, type ResolutionStatement, takesOutput } from '../../domain/attention.js'
import { ExequaturError } from '../../domain/errors.js'
import { unstorable } from '../../domain/json.js'
import { mayApproveBy } from '../../domain/surface-rules.js'
import { type Admitted, pinnedContract } from '../../evidence/admitted.js'
import { caseOf, factsOf, stateDigest } from '../../evidence/attention-case.js'
import { decidingGroups, mayResolve, methodNeeded } from '../../evidence/attention-deciders.js'
import { stateOf } from '../../evidence/attention-state.js'
import { nextResolution, resolutionOn } from '../../evidence/resolutions.js'
import { mayBeAppliedForMs } from '../../evidence/undo-turn.js'
import { chainOf } from '../../evidence/votes.js'
import type { AttentionRow } from '../../ledger/action-record.js'
import { ledgerTime } from '../../ledger/queries/ledger-time.js'
import { recordResolution } from '../../ledger/queries/record-resolution.js'
import { authenticateAgain } from '../authenticate.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { sendHint } from '../deliver-hints.js'
import { leaveRefusal } from '../leave-refusal.js'
import { methodOfProof, type SignedByPerson } from '../signed-statement.js'
import type { AttentionView } from './attention-view.js'
import { findAttention, getAttention } from './get-attention.js'
import { type ResolutionWish, readWish, signResolution } from './sign-resolution.js'

/** For the server to sign, which then vouches for who decided; or signed by the person. `method` is the surface. */
export type Resolving = (ResolutionWish & { readonly method: string }) | SignedByPerson

/** Others may decide, or more may come to light, while a decision is made; each time it is looked at anew. */
const mostLooks = 5

/**
 * Records what a person decides about a call that a machine may not settle, and tells the workflow to look. The same
 * decision of the same person again changes nothing. Throws `EXQ-2002`, `EXQ-4013`, `EXQ-5030`-`EXQ-5038`; who may not
 * decide leaves a refusal.
 */
export function resolveAttention(
  plane: ControlPlane,
  caller: Caller,
  id: string,
  resolving: Resolving,
): Promise<AttentionView> {
  return leaveRefusal(plane, caller, { attention_id: id, resolving }, () => decide(plane, caller, id, resolving, 1))
}

async function decide(
  plane: ControlPlane,
  caller: Caller,
  id: string,
  resolving: Resolving,
  look: number,
): Promise<AttentionView> {
  const { admitted, row } = await findAttention(plane, caller, id)
  requireEntitled(plane, admitted, row, caller.principal.principal)
  const own = 'statement' in resolving ? resolving : null
  const wish = 'statement' in resolving ? readWish(resolving.statement) : resolving
  const standing = resolutionOn(plane, admitted, row)
  if (standing?.choice === wish.choice && standing.decided_by === caller.principal.principal)
    return getAttention(plane, caller, id)
  if (standing) throw new ExequaturError('EXQ-5032', `${standing.decided_by} decided ${standing.choice}`)
  if (stateOf(plane, admitted, row) !== 'open') throw new ExequaturError('EXQ-5032', `${id} is settled`)
  if (wish.state_digest !== stateDigest(admitted, row))
    throw new ExequaturError('EXQ-5033', `what is known of ${id} has the digest ${stateDigest(admitted, row)}`)
  requireSound(admitted, row, wish)
  const method = own ? methodOfProof(own) : (resolving as Exclude<Resolving, SignedByPerson>).method
  if (!own) requireLightEnough(plane, admitted, row, method)
  const statement = await statementOf(plane, caller, { admitted, row, wish, method })
  const signed = signResolution(plane, caller, statement, factsOf(admitted.record, row), own)
  switch (await recordResolution(plane.pool, signed, caller.authority.revision)) {
    case 'recorded':
      await sendHint(plane, { tenant: caller.tenant, action_id: admitted.record.id })
      return getAttention(plane, caller, id)
    case 'overtaken':
      if (look >= mostLooks) throw new ExequaturError('EXQ-5033', `${id} changes while it is decided on`)
      return decide(plane, caller, id, resolving, look + 1)
    case 'moved':
      return decide(plane, await authenticateAgain(plane.authorities, caller), id, resolving, look)
  }
}

async function statementOf(
  plane: ControlPlane,
  caller: Caller,
  {
    admitted,
    row,
    wish,
    method,
  }: {
    readonly admitted: Admitted
    readonly row: AttentionRow
    readonly wish: ResolutionWish
    readonly method: string
  },
): Promise<ResolutionStatement> {
  const { choice, reason, evidence, output, state_digest } = wish
  return {
    kind: 'resolution',
    tenant: caller.tenant,
    action_id: admitted.record.id,
    attention_id: row.id,
    step: row.step,
    phase: row.phase,
    generation: row.generation,
    revision: nextResolution(admitted, row),
    state_digest,
    choice,
    reason,
    evidence,
    output,
    decided_by: caller.principal.principal,
    account: caller.account,
    method,
    self_decided: chainOf(admitted).includes(caller.principal.principal),
    at: await ledgerTime(plane.pool),
  }
}

function requireEntitled(plane: ControlPlane, admitted: Admitted, { step }: AttentionRow, person: string): void {
  if (mayResolve(plane, admitted, step, person)) return
  const groups = decidingGroups(plane, admitted, step)
  const why = chainOf(admitted).includes(person)
    ? 'is part of the request'
    : `is in none of the groups that decide: ${groups.join(', ') || `none but ${pinnedContract(admitted, step)?.contract.owner}`}`
  throw new ExequaturError('EXQ-5031', `${person} ${why}`)
}

/** What risks much is not settled by a sign-in alone, nor by a click. */
function requireLightEnough(plane: ControlPlane, admitted: Admitted, { step }: AttentionRow, method: string): void {
  const { name, risk = 'critical' } = pinnedContract(admitted, step)?.contract ?? {}
  if (methodNeeded(admitted, step) === 'key') throw new ExequaturError('EXQ-5036', `${name} is critical`)
  if (!mayApproveBy(plane.surfaceRules, method, risk))
    throw new ExequaturError('EXQ-5036', `${name} is of ${risk} risk, which ${method} alone does not settle`)
}

function requireSound(admitted: Admitted, row: AttentionRow, wish: ResolutionWish): void {
  const offered = caseOf(admitted, row)
  const registered = pinnedContract(admitted, row.step)
  if (!offered || !registered)
    throw new ExequaturError('EXQ-9001', `${row.step} is pinned to no contract that is known`)
  const choices = choicesFor(offered)
  if (!choices.includes(wish.choice))
    throw new ExequaturError(
      'EXQ-5034',
      `${wish.choice} is none of ${choices.join(', ')}`,
      choices.map((choice) => ({ pointer: '/choice', message: `${choice}: ${meaningOf(choice, offered)}` })),
    )
  if (unstorable(wish)) lacks('', 'some text cannot be kept (NUL or half a surrogate pair)')
  if (wish.reason.trim() === '') lacks('/reason', 'say why')
  if (needsEvidence(wish.choice) && (wish.evidence ?? '').trim() === '')
    lacks('/evidence', 'say what shows it: a ticket, an id in the real system')
  // What is not there yet may come: nobody can have seen that it did not happen.
  const left_ms = wish.choice === 'did-not-happen' ? mayBeAppliedForMs(admitted, row.step) : 0
  if (left_ms > 0)
    throw new ExequaturError(
      'EXQ-5038',
      `a call of ${row.step} may be applied for ${Math.ceil(left_ms / 1_000)} s more`,
    )
  if (wish.output === null) return
  if (!takesOutput(wish.choice, offered)) lacks('/output', `${wish.choice} takes none`)
  if (registered.contract.views) lacks('/output', 'who sees what of it is for the tool to say: leave it out')
  const [problem] = checkSide(registered, 'output', wish.output)
  if (problem) lacks(`/output${problem.pointer}`, problem.message)
}

function lacks(pointer: string, message: string): never {
  throw new ExequaturError('EXQ-5035', `${pointer} ${message}`, [{ pointer, message }])
}
