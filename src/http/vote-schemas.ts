import { z } from 'zod'

const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })

export const recordedVoteShape = z.object({
  approver: z.string(),
  vote: z.string(),
  reason: z.string(),
  method: z.string(),
  at: time,
  revision: z.int().meta({ description: 'Of the votes of one person: 1, 2, ...' }),
  counts: z.boolean().meta({ description: 'Whether it is worth anything now' }),
  self_approved: z.boolean().meta({ description: 'By somebody who is part of the request' }),
})

export const keyShape = z
  .object({
    key_id: z.string(),
    kind: z.enum(['ed25519', 'passkey']),
    principal: z.string(),
    public_key: z.string().meta({ description: 'SPKI as base64url; Ed25519, but for passkeys' }),
    credential_id: z.string().nullable().meta({ description: 'Of a passkey: what its authenticator calls it' }),
    origin: z.string().nullable().meta({ description: 'Of a passkey: the page that it signs for' }),
    account: z.string().meta({ description: 'How the person came in to register it' }),
    registered_at: time,
  })
  .meta({ id: 'Key' })

export const ownKeysShape = z
  .object({ tenant: z.string(), principal: z.string(), account: z.string(), items: z.array(keyShape).readonly() })
  .meta({ id: 'OwnKeys', description: 'Who asks, as a signed vote names them, and their live keys' })
