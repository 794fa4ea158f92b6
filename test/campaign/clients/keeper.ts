import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Booked } from '../downstream/books.js'
import { beginPart } from './part.js'

/**
 * Somebody who is asked what a machine may not settle: looks into the books of the downstream, as people can where
 * machines cannot, and says what is there, or orders what is to be done.
 */
const { name, tenant, api, journal, random, settings } = beginPart()

interface Shown {
  readonly id: string
  readonly reason: string
  readonly age_seconds: number
  readonly action_id: string
  readonly step: string
  readonly phase: 'execute' | 'compensate'
  readonly idempotency_key: string | null
  readonly choices: readonly { readonly choice: string; readonly takes_output: boolean }[]
  readonly state_digest: string
}

// No request is applied later than this after it was sent.
const surelySeconds = 10

function bookedUnder(key: string | null): Booked | undefined {
  // Nothing was sent for what no machine can undo.
  if (key === null) return undefined
  const text = readFileSync(settings.books ?? '', 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Booked)
    .find((line) => line.key === key)
}

function decisionOn(shown: Shown): { choice: string; output: Record<string, unknown> | null; evidence: string } | null {
  const booked = bookedUnder(shown.idempotency_key)
  const offered = (...choices: string[]) => shown.choices.find(({ choice }) => choices.includes(choice))
  const wish = booked
    ? random.chance(0.2)
      ? (offered('compensate') ?? offered('happened'))
      : offered('happened', 'leave')
    : random.chance(Number(settings.again))
      ? (offered('attempt-again') ?? offered('did-not-happen'))
      : offered('did-not-happen', 'leave')
  if (!wish) return null
  const output = booked && wish.takes_output ? { id: booked.id, amount_cents: booked.amount } : null
  return { choice: wish.choice, output, evidence: booked ? `line ${booked.seq} of the books` : 'no line in the books' }
}

/** Some things may be left to wait, whoever asks. */
const leaves = Number(settings.leaves)
const leftAlone = new Map<string, boolean>()

for (;;) {
  const { status, body } = await api('GET', '/v1/attention?limit=50')
  const items = status === 200 ? (body.items as Shown[]) : []
  for (const shown of items) {
    if (shown.age_seconds < surelySeconds) continue
    if (!leftAlone.has(shown.id)) leftAlone.set(shown.id, random.chance(leaves))
    const decision = leftAlone.get(shown.id) ? null : decisionOn(shown)
    if (!decision) continue
    const { action_id, step } = shown
    const facts = { tenant, person: name, action_id, step, choice: decision.choice, reason: shown.reason }
    const sent = { ...decision, reason: 'looked into the books', state_digest: shown.state_digest }
    journal.write({ kind: 'ordering', ...facts })
    const said = await api('POST', `/v1/attention/${shown.id}/resolutions`, sent)
    journal.write({ kind: 'ordered', ...facts, status: said.status, code: said.body.code ?? null })
  }
  await pause(1_000)
}
