import { canonical } from '../digest.js'
import { type VoteStatement, voteKinds } from '../domain/approval.js'
import { ExequaturError, type Problem } from '../domain/errors.js'
import { isObject, unstorable } from '../domain/json.js'
import { isRegistered } from '../evidence/vote-proof.js'
import { isSignedBy } from '../identity/person-key.js'
import type { SignedVote } from '../ledger/queries/cast-vote.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** A vote that the person has signed: the RFC 8785 bytes of a {@link VoteStatement}, and an Ed25519 signature in base64url. */
export interface VoteSignedByKey {
  readonly statement: string
  readonly key_id: string
  readonly signature: string
}

const longestReason = 2_000
const mostAcknowledged = 100
/** A vote signed longer ago, or further in the future, is not taken. */
const atMostApartMs = 5 * 60_000

/** What somebody wishes to say, of a statement whose other fields are still to be compared. Throws `EXQ-4012`. */
export function readStatement(
  text: string,
): Pick<VoteStatement, 'vote' | 'reason' | 'envelope_digest' | 'acknowledged'> {
  const said = parse(text)
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

/**
 * Compares what was signed, field by field, with what the ledger says it has to be; only its time may differ a little.
 * Throws `EXQ-4012`-`EXQ-4014`.
 */
export function checkSigned(
  plane: Pick<ControlPlane, 'verifySignature'>,
  caller: Caller,
  expected: VoteStatement,
  vote: VoteSignedByKey,
): SignedVote {
  const key = caller.authority.keyOf(vote.key_id)
  if (key?.principal !== expected.approver || !isRegistered(plane, caller.tenant, key))
    throw new ExequaturError('EXQ-4013', `${vote.key_id} does not sign for ${expected.approver}`)
  const said = parse(vote.statement)
  if (said.revision !== expected.revision && Number.isInteger(said.revision))
    throw new ExequaturError('EXQ-4014', `the next vote of ${expected.approver} has the revision ${expected.revision}`)
  const statement = { ...expected, at: isNear(said.at, expected.at) ? said.at : expected.at }
  const problems = differences(said, { ...statement })
  if (problems.length > 0 || canonical(statement) !== vote.statement)
    throw new ExequaturError('EXQ-4012', 'the statement says something else', problems)
  if (!isSignedBy(key, vote.statement, vote.signature))
    throw new ExequaturError('EXQ-4012', `the signature is not one of ${vote.key_id} over this statement`)
  return { ...statement, ...vote }
}

function differences(said: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): Problem[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(said)])]
    .filter((field) => said[field] === undefined || canonical(said[field]) !== canonical(expected[field] ?? null))
    .map((field) => ({
      pointer: `/${field}`,
      message: field in expected ? `it has to be ${canonical(expected[field])}` : 'it does not belong to a vote',
    }))
}

function isNear(said: unknown, ledger: string): said is string {
  if (typeof said !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(said)) return false
  return Math.abs(Date.parse(said) - Date.parse(ledger)) <= atMostApartMs
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && !unstorable(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= mostAcknowledged && value.every((each) => isText(each, 200))
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const said: unknown = JSON.parse(text)
    if (isObject(said)) return said
  } catch {}
  throw new ExequaturError('EXQ-4012', 'the statement is not a JSON object')
}
