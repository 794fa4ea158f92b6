import { canonical } from '../digest.js'
import type { StrongMethod } from '../domain/approval.js'
import { type ErrorCode, ExequaturError, type Problem } from '../domain/errors.js'
import { isObject, unstorable } from '../domain/json.js'
import { isRegistered } from '../evidence/vote-proof.js'
import { type Assertion, encodeAssertion } from '../identity/passkey.js'
import { isProvenBy, methodOfKey } from '../identity/person-proof.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** What a person has signed: the RFC 8785 bytes of a statement, with a key (Ed25519, base64url) or a passkey. */
export type SignedByPerson = { readonly statement: string } & Proof

/** By which key of theirs, and how. A passkey signs the SHA-256 of the statement, as the challenge of an assertion. */
export type Proof = { readonly key_id: string } & ({ readonly signature: string } | { readonly assertion: Assertion })

export function methodOfProof(proof: Proof): StrongMethod {
  return 'assertion' in proof ? 'passkey' : 'key'
}

/** The proof as the ledger keeps it. */
export function proofIn(proof: Proof): string {
  return 'assertion' in proof ? encodeAssertion(proof.assertion) : proof.signature
}

/** A statement signed longer ago, or further in the future, is not taken. */
const atMostApartMs = 5 * 60_000

/** The statement as an object. Throws `code` for anything else. */
export function parseStatement(text: string, code: ErrorCode): Readonly<Record<string, unknown>> {
  try {
    const said: unknown = JSON.parse(text)
    if (isObject(said)) return said
  } catch {}
  throw new ExequaturError(code, 'the statement is not a JSON object')
}

/**
 * Compares what a person signed, field by field, with what the ledger says it has to be; only its time may differ a
 * little. Resolves to the statement with that time. Throws `EXQ-4013` for a key of somebody else, and `code`.
 */
export function requireSigned<Statement extends { readonly at: string; readonly method: string }>(
  plane: Pick<ControlPlane, 'verifySignature'>,
  caller: Caller,
  expected: Statement,
  signed: SignedByPerson,
  { code, what }: { readonly code: ErrorCode; readonly what: string },
): Statement {
  const person = caller.principal.principal
  const key = caller.authority.keyOf(signed.key_id)
  if (key?.principal !== person || methodOfKey(key) !== expected.method || !isRegistered(plane, caller.tenant, key))
    throw new ExequaturError('EXQ-4013', `${signed.key_id} does not sign for ${person}`)
  const said = parseStatement(signed.statement, code)
  const statement = { ...expected, at: isNear(said.at, expected.at) ? said.at : expected.at }
  const problems = differences(said, statement, what)
  if (problems.length > 0 || canonical(statement) !== signed.statement)
    throw new ExequaturError(code, 'the statement says something else', problems)
  if (!isProvenBy(key, signed.statement, proofIn(signed)))
    throw new ExequaturError(code, `the signature is not one of ${signed.key_id} over this statement`)
  return statement
}

/** Text that can be kept, of at most so many characters. */
export function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && !unstorable(value)
}

function differences(
  said: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
  what: string,
): Problem[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(said)])]
    .filter((field) => said[field] === undefined || canonical(said[field]) !== canonical(expected[field] ?? null))
    .map((field) => ({
      pointer: `/${field}`,
      message: field in expected ? `it has to be ${canonical(expected[field])}` : `it does not belong to ${what}`,
    }))
}

function isNear(said: unknown, ledger: string): said is string {
  if (typeof said !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(said)) return false
  return Math.abs(Date.parse(said) - Date.parse(ledger)) <= atMostApartMs
}
