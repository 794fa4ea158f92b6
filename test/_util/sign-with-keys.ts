import type { Action, Answer, DeskClient } from '../../examples/refund-desk/demo/desk-client.js'
import type { ApprovalView } from '../../src/control-plane/approval-view.js'
import type { OwnKeys } from '../../src/control-plane/keys.js'
import { digestBytes } from '../../src/digest.js'
import type { VoteKind } from '../../src/domain/approval.js'
import { newKey, type PersonKey, registrationOf, signedBy } from './person-key.js'

/** Votes by people's own keys over the HTTP API; a key is made and registered when a person first needs one. */
export function signWithKeys(person: (name: string) => DeskClient) {
  const keys = new Map<string, PersonKey>()
  const register = async (name: string): Promise<PersonKey> => {
    const key = newKey()
    const registration = registrationOf(key, 'acme', `person:${name}`, keys.get(name))
    const { status, body } = await person(name).post('/v1/keys', registration)
    if (status !== 200) throw new Error(JSON.stringify(body))
    keys.set(name, key)
    return key
  }
  const obtain = async (name: string): Promise<PersonKey> => keys.get(name) ?? register(name)
  return {
    renewKey: async (name: string): Promise<string> => {
      const { key_id } = await obtain(name)
      await register(name)
      return key_id
    },
    sign: async ({ approval }: Action, name: string, vote: VoteKind = 'approve'): Promise<Answer<unknown>> => {
      const key = await obtain(name)
      const { body: own } = await person(name).get<OwnKeys>('/v1/keys')
      const { body: shown } = await person(name).get<ApprovalView>(`/v1/approvals/${approval?.id}`)
      const statement = {
        tenant: own.tenant,
        approval_id: shown.id,
        envelope_digest: shown.envelope_digest,
        rendering_digest: digestBytes(shown.rendering),
        approver: own.principal,
        account: own.account,
        revision: shown.your_vote.revision,
        vote,
        reason: 'looked at it',
        method: 'key',
        acknowledged: [],
        self_approved: shown.your_vote.self_approved,
        at: new Date().toISOString(),
      }
      return person(name).post(`/v1/approvals/${shown.id}/votes`, signedBy(key, statement))
    },
  }
}
