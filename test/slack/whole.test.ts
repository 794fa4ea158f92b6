import { describe, expect, test } from 'vitest'
import { canonical, digestBytes } from '../../src/digest.js'
import type { Envelope } from '../../src/domain/envelope.js'
import { tellMoney } from '../../src/domain/money.js'
import type { Rendering } from '../../src/domain/rendered.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { drawDetails } from '../../src/slack/draw/modals.js'
import { isWhole, modalRoom } from '../../src/slack/draw/room.js'
import { envelopeWith } from '../approval/sample-envelope.js'
import { approval } from '../surfaces/cli-samples.js'
import { textIn } from './slack-desk.js'

const step = {
  ...envelopeWith().steps[0],
  tool: 'refund_invoice',
  version: 7,
  title: 'Refund an invoice',
  summary: 'Refund of in_1, in short',
  resource: 'Invoice in_1',
  args: { amount_cents: 90_000, note: 'as agreed', nothing: null },
  amount: { cents: 12_345, currency: 'usd' },
  risk: 'medium',
  touches: 3,
  changes: [{ label: 'Refunded', before: 0, after: 12_345, currency: 'usd' }],
}

/** With something in every field there is. */
const full = {
  ...envelopeWith({ goal: 'the goal', reason: 'the reason' }),
  chain: {
    agent: 'agent:desk',
    owner: 'person:ann',
    on_behalf_of: 'person:cora',
    actors: ['agent:front', 'agent:back'],
  },
  previous: 'sha256:previous',
  steps: [
    { ...step, id: 'first' },
    {
      ...step,
      id: 'second',
      tool: 'close_account',
      title: 'Close the account',
      resource: 'Account acc_2',
      risk: 'high',
      undoable: false,
      touches: 1,
    },
  ],
  done: [{ ...step, id: 'zeroth', tool: 'look_up', version: 9, title: 'Look it up', resource: 'Customer cus_9' }],
  moved: [{ step: 'second', changes: [{ pointer: '/observed/left', before: 17, after: 18 }] }],
  amendments: [
    {
      step: 'first',
      amended_by: 'person:bob',
      reason: 'too much',
      changes: [{ pointer: '/args/note', before: 'old note', after: 'new note' }],
    },
  ],
  requirements: { approvers: 2, groups: 2, strong: 1, finance: 1 },
  remind_at: '2026-11-21T11:00:00.000Z',
  reminders: [{ group: 'finance', at: '2026-11-21T10:00:00.000Z' }],
  escalations: [{ group: 'finance', to: 'security', at: '2026-11-21T11:30:00.000Z' }],
  asked_before: [{ action_id: 'act_before', at: '2026-11-20T12:00:00.000Z', explanation: 'EXQ-4006 not like that' }],
} as unknown as Envelope

const rendering = (): Rendering => {
  const described = describeEnvelope(
    {
      ...full,
      request: {
        ...full.request,
        plan: { ...full.request.plan, bounds: { spend_cents: 5_000 } },
        context: { ...full.request.context, incident_id: 'inc_5', user_id: 'usr_6' },
      },
    } as Envelope,
    digestBytes,
  )
  return { ...described, flags: [{ name: 'confusable /steps/0/args/note', says: 'letters that pass for others' }] }
}

const viewOf = (described: Rendering) =>
  approval({
    rendering: canonical(described),
    requirements: described.requirements,
    expires_at: described.expires_at,
    escalations: described.escalations.map((each) => ({ ...each, due: false })),
  })

const details = (described: Rendering) => textIn(drawDetails(viewOf(described)))

type Leaf = { readonly path: string; readonly value: string | number | boolean | null }

/** What is told in words of ours: as which of several kinds something is drawn. */
const kinds = /\.(type|only)$|^bounds\./
/** What is short, whoever asks: of the view, or drawn as it is. */
const ours = /(^|\.|_)(amount|digest|at|group|to)$/
/** `steps.0.resource.type` is a word of the contract. */
const named = /resource\.type$/

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value: value as Leaf['value'] }]
  const { cents, currency } = value as { cents?: number; currency?: string }
  if (cents !== undefined && currency !== undefined) return [{ path, value: tellMoney({ cents, currency }) }]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
}

describe('Details', () => {
  test('show every text and number of what a vote is for', () => {
    const described = rendering()
    for (const [field, value] of Object.entries(described))
      expect(value === null || JSON.stringify(value) === '[]', `the sample has no ${field}`).toBe(false)
    const shown = details(described)
    for (const { path, value } of leavesOf(described)) {
      if (kinds.test(path) && !named.test(path)) continue
      if (typeof value === 'string') expect(shown.includes(value), `${path}: ${value}`).toBe(true)
      if (typeof value === 'number' && !/^(rendering|requirements)\b|hidden$/.test(path))
        expect(new RegExp(`(^|\\D)${value}(\\D|$)`).test(shown), `${path}: ${value}`).toBe(true)
    }
    expect(shown).toContain('finance 1 and 2 approvers and 2 different groups and 1 who signs with a key of their own')
    expect(shown).toMatch(/The plan limits itself:\s+money spent 50\.00/)
    expect(shown).toMatch(/first\n: .*medium risk, can be undone/)
    expect(shown).toMatch(/second\n: .*high risk, CANNOT BE UNDONE/)
  })

  test('show a text in full, however long, or are not whole', () => {
    const described = { ...rendering(), flags: [] }
    expect(isWhole(described, modalRoom)).toBe(true)
    for (const { path, value } of leavesOf(described)) {
      if (typeof value !== 'string' || kinds.test(path) || ours.test(path)) continue
      const long = `begin ${'x'.repeat(4_000)} end`
      const changed = structuredClone(described) as unknown as Record<string, unknown>
      const keys = path.split('.')
      const last = keys.pop() ?? ''
      const holder = keys.reduce((at, key) => at[key] as Record<string, unknown>, changed)
      holder[last] = long
      const longer = changed as unknown as Rendering
      if (!isWhole(longer, modalRoom)) continue
      expect(details({ ...longer, expires_at: described.expires_at }).includes(long), path).toBe(true)
    }
  })
})
