import { canonical } from '../digest.js'
import { type VoteStatement, voteKinds } from '../domain/approval.js'
import { ExequaturError, type Problem } from '../domain/errors.js'
import type { SignedVote } from '../ledger/queries/cast-vote.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { isText, parseStatement, proofIn, requireSigned, type SignedByPerson } from './signed-statement.js'

/** A vote that the person has signed: its statement is a {@link VoteStatement}. */
export type VoteSignedByPerson = SignedByPerson

const longestReason = 2_000
const mostAcknowledged = 100

/** What somebody wishes to say, of a statement whose other fields are still to be compared. Throws `EXQ-4012`. */
export function readStatement(
  text: string,
): Pick<VoteStatement, 'vote' | 'reason' | 'envelope_digest' | 'acknowledged'> {
  const said = parseStatement(text, 'EXQ-4012')
  const vote = voteKinds.find((kind) => kind === said.vote)
  const { reason, envelope_digest, acknowledged } = said
  const problems: Problem[] = []
  if (!vote) problems.push({ pointer: '/vote', message: `one of ${voteKinds.join(', ')}` })
  if (!isText(reason, longestReason))
    problems.push({ pointer: '/reason', message: `text of at most ${longestReason} characters` })
  if (!isText(envelope_digest, 200))
    problems.push({ pointer: '/envelope_digest', message: 'the digest of the envelope' })
  if (!isTexts(acknowledged)) problems.push({ pointer: '/acknowledged', message: 'a list of flags' })
  if (!vote || !isText(reason, longestReason) || !isText(envelope_digest, 200) || !isTexts(acknowledged))
    throw new ExequaturError('EXQ-4012', 'the statement does not have the right shape', problems)
  return { vote, reason, envelope_digest, acknowledged }
}

/** Signs on behalf of the server, which has authenticated whoever votes. */
export function signByServer({ signingKey }: Pick<ControlPlane, 'signingKey'>, statement: VoteStatement): SignedVote {
  const bytes = canonical(statement)
  return { ...statement, statement: bytes, key_id: signingKey.keyId, signature: signingKey.sign(bytes) }
}

/** Checks a vote that its approver signed against the one it has to be. Throws `EXQ-4012`-`EXQ-4014`. */
export function checkSigned(
  plane: Pick<ControlPlane, 'verifySignature'>,
  caller: Caller,
  expected: VoteStatement,
  vote: VoteSignedByPerson,
): SignedVote {
  const { revision } = parseStatement(vote.statement, 'EXQ-4012')
  const known = caller.authority.keyOf(vote.key_id)?.principal === expected.approver
  if (known && revision !== expected.revision && Number.isInteger(revision))
    throw new ExequaturError('EXQ-4014', `the next vote of ${expected.approver} has the revision ${expected.revision}`)
  const statement = requireSigned(plane, caller, expected, vote, { code: 'EXQ-4012', what: 'a vote' })
  return { ...statement, statement: vote.statement, key_id: vote.key_id, signature: proofIn(vote) }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= mostAcknowledged && value.every((each) => isText(each, 200))
}
