import { canonical } from '../../digest.js'
import { choices, type ResolutionStatement } from '../../domain/attention.js'
import { ExequaturError } from '../../domain/errors.js'
import { isObject } from '../../domain/json.js'
import type { SignedResolution } from '../../ledger/queries/record-resolution.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { isText, parseStatement, proofIn, requireSigned, type SignedByPerson } from '../signed-statement.js'

/** What a person wishes to decide. */
export type ResolutionWish = Pick<ResolutionStatement, 'choice' | 'reason' | 'evidence' | 'output' | 'state_digest'>

export const longestReason = 2_000

/** The wish in a statement whose other fields are still to be compared. Throws `EXQ-5037`. */
export function readWish(text: string): ResolutionWish {
  const said = parseStatement(text, 'EXQ-5037')
  const choice = choices.find((each) => each === said.choice)
  const { reason, evidence, output, state_digest } = said
  if (
    choice &&
    isText(reason, longestReason) &&
    (evidence === null || isText(evidence, longestReason)) &&
    (output === null || isObject(output)) &&
    isText(state_digest, 200)
  )
    return { choice, reason, evidence, output: output as ResolutionWish['output'], state_digest }
  throw new ExequaturError('EXQ-5037', 'the statement does not have the right shape')
}

/**
 * The decision as it is recorded: signed by the server, which has seen who decided and that they may; and by the person
 * too, where they sent a signature, which is compared first. Throws `EXQ-4013`, `EXQ-5037`.
 */
export function signResolution(
  plane: Pick<ControlPlane, 'signingKey' | 'verifySignature'>,
  caller: Caller,
  expected: ResolutionStatement,
  facts: number,
  own: SignedByPerson | null,
): SignedResolution {
  const statement = own
    ? requireSigned(plane, caller, expected, own, {
        code: 'EXQ-5037',
        what: 'a decision on what needs attention',
      })
    : expected
  const bytes = canonical(statement)
  return {
    ...statement,
    facts,
    statement: bytes,
    key_id: plane.signingKey.keyId,
    signature: plane.signingKey.sign(bytes),
    own_key_id: own?.key_id ?? null,
    own_signature: own && proofIn(own),
  }
}
