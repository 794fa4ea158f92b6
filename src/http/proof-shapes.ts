import { z } from 'zod'

const base64url = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[\w-]+$/, 'takes base64url')

const assertionShape = z
  .strictObject({
    authenticator_data: base64url(2_000),
    client_data: base64url(4_000),
    signature: base64url(2_000),
  })
  .meta({
    id: 'Assertion',
    description:
      'What an authenticator answered (WebAuthn), base64url each. Its challenge is the SHA-256 of what is signed; user verification is required',
  })

const keyId = z.string().max(200)

/** What a key of the person's own signed: with Ed25519, or with a passkey. */
export function proofShapes(what: string) {
  return [
    z.strictObject({
      key_id: keyId,
      signature: z
        .string()
        .max(200)
        .meta({ description: `Ed25519 over ${what}, base64url` }),
    }),
    z.strictObject({ key_id: keyId, assertion: assertionShape }),
  ] as const
}

/** For a Slack user: what a live key of the person has to sign for it. */
export const slackEndorsementShape = z.union(
  proofShapes('the RFC 8785 bytes of {purpose: "link-slack", tenant, principal, team, user}'),
)

/** For a further key: what a live one has to sign for it. */
export const endorsementShape = z.union(
  proofShapes('the RFC 8785 bytes of {purpose: "endorse-key", tenant, principal, public_key}'),
)
