import { describe, expect, test } from 'vitest'
import { canonical, digestBytes } from '../../src/digest.js'
import type { Envelope } from '../../src/domain/envelope.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { drawApproval } from '../../src/slack/draw/approval.js'
import { drawAttention } from '../../src/slack/draw/attention.js'
import { askReason, drawDetails } from '../../src/slack/draw/modals.js'
import { envelopeWith } from '../approval/sample-envelope.js'
import { approval, attention } from '../surfaces/cli-samples.js'
import { textIn } from './slack-desk.js'

const rendered = (envelope: object) => canonical(describeEnvelope(envelope as Envelope, digestBytes))

/** The same, with steps that touch something. */
const touching = (...touches: readonly (number | undefined)[]) => {
  const envelope = envelopeWith()
  const steps = touches.map((each, index) => ({
    ...envelope.steps[0],
    id: `step${index + 1}`,
    ...(each !== undefined && { touches: each }),
  }))
  return approval({ rendering: rendered({ ...envelope, steps }) })
}

const questionIn = (drawing: unknown): string => {
  let question = ''
  JSON.stringify(drawing, (key, value) => {
    if (key === 'confirm' && value?.text?.text && value.title) question = value.text.text
    return value
  })
  return question
}

describe('the question before an approval', () => {
  test('says how much is touched at most, and whether it can be undone', () => {
    for (const draw of [(view: ReturnType<typeof approval>) => drawApproval(view, null), drawDetails]) {
      expect(questionIn(draw(touching(3)))).toContain('can be undone, touches 3 objects at most')
      expect(questionIn(draw(touching(3, 1)))).toContain('touches 4 objects at most')
      expect(questionIn(draw(touching(3, undefined)))).toContain('touches 3 objects at most, but for 1 of 2 steps')
      expect(questionIn(draw(touching(undefined)))).not.toContain('touches')
    }
  })
})

describe('words of others', () => {
  const turned = '\u05d0\u05d1\u05d2'
  const marks = /[\u2068\u2069]/g
  const view = approval({
    rendering: rendered({
      ...envelopeWith({
        args: { note: `${turned} 500`, [turned]: 1 },
        goal: turned,
        reason: turned,
        resource: `Invoice ${turned}`,
        ticket_id: turned,
      }),
      explanation: turned,
      amendments: [
        {
          step: 'step1',
          amended_by: 'person:bob',
          reason: turned,
          changes: [{ pointer: '/args/note', before: turned, after: 'x' }],
        },
      ],
    }),
    target: turned,
    votes: [
      {
        approver: 'person:bob',
        vote: 'reject',
        reason: turned,
        method: 'http',
        at: '2026-06-17T10:00:00.000Z',
        revision: 1,
        counts: true,
        self_approved: false,
      },
    ],
  })
  const drawings = {
    'a message': drawApproval(view, { outcome: 'rejected', explanation: turned }),
    'a message that was decided': drawApproval({ ...view, state: 'rejected' }, null),
    Details: drawDetails(view),
    'the question why': askReason(view),
    'what needs attention': drawAttention(
      attention({ title: turned, resource: `Invoice ${turned}`, deciders: [`person:${turned}`] }),
      'http://inbox',
    ),
  }

  test.each(Object.entries(drawings))('turn round nothing that stands beside them in %s', (_, drawing) => {
    let found = 0
    JSON.stringify(drawing, (key, value) => {
      if (key !== 'text' || typeof value !== 'string') return value
      let depth = 0
      for (const char of value) {
        if (char === '\u2068') depth += 1
        if (char === '\u2069') depth -= 1
        expect(depth).toBeGreaterThanOrEqual(0)
        if (!turned.includes(char)) continue
        found += 1
        expect(depth, value).toBeGreaterThan(0)
      }
      expect(depth, value).toBe(0)
      return value
    })
    expect(found).toBeGreaterThan(0)
  })

  test('end no such mark, and begin none', () => {
    const forged = 'a\u2069 \u2068b'
    const drawing = drawDetails(
      approval({ rendering: rendered(envelopeWith({ args: { note: forged }, goal: forged })) }),
    )
    expect(textIn(drawing)).toContain('a\\u{2069} \\u{2068}b')
    expect(JSON.stringify(drawing).replace(marks, '')).not.toContain('\u2069')
  })
})

describe('a message that was decided', () => {
  test('still says what was asked for, also where it had to be looked at closely', () => {
    const { rendering } = approval({
      rendering: rendered(envelopeWith({ args: { note: 'p\u0430ypal' } })),
    })
    expect(rendering).toContain('confusable')
    const drawn = textIn(drawApproval(approval({ rendering, state: 'approved' }), null))
    expect(drawn).toContain('Refund: Invoice in_1')
    expect(drawn).not.toContain('Look closely')
  })
})

describe('what is needed', () => {
  test('is told as everywhere else', () => {
    const drawn = textIn(drawApproval(approval({ requirements: { approvers: 2, groups: 2, strong: 1 } }), null))
    expect(drawn).toContain('2 approvers and 2 different groups and 1 who signs with a key of their own')
  })
})

describe('Details', () => {
  test('say what is left of which measure of a budget, for whom and in how long', () => {
    const budget = {
      name: 'refunds',
      scope: 'agent agent:desk',
      of: 'spend_cents',
      currency: 'usd',
      limit: 100_000,
    } as const
    const budgets = [
      { ...budget, used: 40_000, left: 60_000, window_ms: 86_400_000 },
      {
        ...budget,
        name: 'bursts',
        of: 'calls',
        currency: null,
        limit: 10,
        used: 4,
        left: 6,
        window_ms: 90 * 60_000,
      } as const,
    ]
    const drawn = textIn(drawDetails(approval({ budgets }))).replaceAll('\n', ' ')
    expect(drawn).toContain('refunds (agent agent:desk): $600.00 left, $400.00 of $1,000.00 used in 1 d (money spent)')
    expect(drawn).toContain('bursts (agent agent:desk): 6 left, 4 of 10 used in 90 min (calls)')
  })
})

describe('what needs attention', () => {
  const decidersIn = (changes: Parameters<typeof attention>[0]) =>
    textIn(drawAttention(attention(changes), 'http://inbox')).replaceAll('\n', ' ')

  test('names who may decide: the owner of the tool, where no group is asked', () => {
    expect(decidersIn({ groups: [], deciders: ['person:olga'] })).toContain('May decide:  person:olga')
    expect(decidersIn({ groups: ['finance'], deciders: ['person:ann'] })).toContain('person:ann (of finance)')
    expect(decidersIn({ groups: [], deciders: [] })).toContain('May decide:  nobody')
  })
})
