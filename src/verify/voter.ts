import { generateKeyPairSync, sign } from 'node:crypto'
import type { ApprovalView } from '../control-plane/approval-view.js'
import type { OwnKeys } from '../control-plane/keys.js'
import { canonical, digestBytes } from '../digest.js'
import type { VoteKind } from '../domain/approval.js'
import { encodePublicKey } from '../identity/person-key.js'
import { keyIdOf } from '../identity/signing-key.js'
import type { Answer, Client } from './client.js'

/** Somebody who votes with a key of their own. */
export interface Voter {
  readonly name: string
  readonly client: Client
  readonly look: (approvalId: string) => Promise<Answer<ApprovalView>>
  readonly vote: (approvalId: string, vote?: VoteKind) => Promise<Answer<unknown>>
}

/** A person whose key is made, and registered, when they first vote. */
export function createVoter(tenant: string, name: string, client: Client): Voter {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const signed = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url')
  const principal = `person:${name}`
  let registered = false
  const register = async () => {
    if (registered) return
    registered = true
    const public_key = encodePublicKey(publicKey)
    const proof = signed(canonical({ purpose: 'register-key', tenant, principal, public_key }))
    await client.post('/v1/keys', { public_key, proof })
  }
  const look = (id: string) => client.get<ApprovalView>(`/v1/approvals/${id}`)
  return {
    name,
    client,
    look,
    vote: async (id, vote = 'approve') => {
      await register()
      const { body: own } = await client.get<OwnKeys>('/v1/keys')
      const { body: shown, status } = await look(id)
      if (status !== 200) return { status, body: shown }
      const statement = canonical({
        ...{ tenant, approval_id: shown.id, envelope_digest: shown.envelope_digest },
        ...{ rendering_digest: digestBytes(shown.rendering), approver: own.principal, account: own.account },
        ...{ revision: shown.your_vote.revision, vote, reason: 'a verification', method: 'key' },
        acknowledged: shown.flags.map((flag) => flag.name),
        self_approved: shown.your_vote.self_approved,
        at: new Date().toISOString(),
      })
      const body = { statement, key_id: keyIdOf(publicKey), signature: signed(statement) }
      return client.post(`/v1/approvals/${id}/votes`, body)
    },
  }
}
