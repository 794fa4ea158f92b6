import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { canonical } from '../../../src/digest.js'
import { beginPart } from './part.js'

const { name, tenant, api, journal, random, settings } = beginPart()
const leaves = Number(settings.leaves)

interface Shown {
  readonly id: string
  readonly action_id: string
  readonly envelope_digest: string
  readonly rendering_digest: string
  readonly expires_at: string
  readonly your_vote: { readonly revision: number; readonly self_approved: boolean }
}

interface Own {
  readonly key_id: string
  readonly account: string
  readonly privateKey: KeyObject
}

/** A key of one's own, registered for votes that nobody else can make. */
async function ownKey(): Promise<Own> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const public_key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')
  const principal = `person:${name}`
  const proof = signed(privateKey, canonical({ purpose: 'register-key', tenant, principal, public_key }))
  for (;;) {
    const { status, body } = await api('POST', '/v1/keys', { public_key, proof })
    if (status === 200) return { key_id: String(body.key_id), account: String(body.account), privateKey }
    await pause(300)
  }
}

function signed(key: KeyObject, bytes: string): string {
  return sign(null, Buffer.from(bytes), key).toString('base64url')
}

async function vote(own: Own, shown: Shown, kind: 'approve' | 'reject' | 'withdraw'): Promise<void> {
  const { action_id, envelope_digest } = shown
  const expires_at = Date.parse(shown.expires_at)
  const facts = { tenant, person: name, approval_id: shown.id, action_id, envelope_digest, vote: kind, expires_at }
  const reason = 'looked at it'
  const body = random.chance(0.5) ? { vote: kind, reason, envelope_digest } : signedVote(own, shown, kind, reason)
  journal.write({ kind: 'voting', ...facts })
  const { status, body: said } = await api('POST', `/v1/approvals/${shown.id}/votes`, body)
  journal.write({ kind: 'voted', ...facts, status, code: said.code ?? null })
}

function signedVote(own: Own, shown: Shown, kind: string, reason: string) {
  const statement = canonical({
    tenant,
    approval_id: shown.id,
    envelope_digest: shown.envelope_digest,
    rendering_digest: shown.rendering_digest,
    approver: `person:${name}`,
    account: own.account,
    revision: shown.your_vote.revision,
    vote: kind,
    reason,
    method: 'key',
    acknowledged: [],
    self_approved: shown.your_vote.self_approved,
    at: new Date().toISOString(),
  })
  return { statement, key_id: own.key_id, signature: signed(own.privateKey, statement) }
}

/** Some say yes, some no; some twice, some late, some never, some take it back and think again. */
async function decide(own: Own, shown: Shown): Promise<void> {
  // Whenever it is looked at: it is left until its time is over.
  if (random.fork(shown.id).chance(leaves)) return
  await pause(random.chance(0.1) ? random.between(2_000, 6_000) : random.between(0, 300))
  if (random.chance(0.03)) return vote(own, shown, 'reject')
  await vote(own, shown, 'approve')
  if (random.chance(0.1)) await vote(own, shown, 'approve')
  if (random.chance(0.03)) {
    await vote(own, shown, 'withdraw')
    // It is in the inbox again.
    decided.delete(shown.id)
  }
}

const decided = new Set<string>()
const own = await ownKey()
for (;;) {
  const { status, body } = await api('GET', '/v1/approvals?limit=50')
  const items = status === 200 ? (body.items as Shown[]) : []
  const fresh = items.filter(({ id }) => !decided.has(id))
  for (const { id } of fresh) decided.add(id)
  await Promise.all(fresh.map((shown) => decide(own, shown)))
  // What a lost answer may have swallowed is looked at again.
  if (random.chance(0.05)) decided.clear()
  await pause(200)
}
