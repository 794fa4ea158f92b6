import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, digestBytes } from '../../src/digest.js'
import { drawLines } from '../../src/domain/draw-rendering.js'
import type { Envelope, EnvelopeStep } from '../../src/domain/envelope.js'
import { leavesOut } from '../../src/domain/flags.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import { printable } from '../../src/domain/printable.js'
import { describeEnvelope, describeWhole, readRendering } from '../../src/domain/rendering.js'
import { envelopeWith, namesOfFlags } from './sample-envelope.js'

const describeIt = (envelope: Envelope) => describeEnvelope(envelope, digestBytes)

/** An envelope of one step, or of several, each the sample with these changes. */
function envelopeOf(...changes: Partial<EnvelopeStep>[]): Envelope {
  const envelope = envelopeWith()
  const [sample] = envelope.steps as [EnvelopeStep]
  return { ...envelope, steps: changes.map((each, index) => ({ ...sample, id: `step${index + 1}`, ...each })) }
}

const usd = (cents: number) => ({ cents, currency: 'usd' })
const anyText = fc.string({ unit: 'grapheme', maxLength: 30 })
const anyArgs = fc.dictionary(anyText, fc.jsonValue() as fc.Arbitrary<Json>, { maxKeys: 8 }) as fc.Arbitrary<JsonObject>

describe('the description of an approval request', () => {
  test('is read back from its bytes as it was', () => {
    fc.assert(
      fc.property(anyArgs, anyText, (args, goal) => {
        const rendering = describeIt(envelopeWith({ args, goal }))
        expect(readRendering(canonical(rendering))).toEqual(rendering)
      }),
    )
  })

  test('is no older text, and nothing else either', () => {
    for (const text of ['agent:desk asks to act in acme.', '', '3', 'null', '{}', '{"rendering":2,"steps":[]}', '['])
      expect(readRendering(text)).toBeNull()
  })

  test('has no text that acts or hides, in no field', () => {
    const texts = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap((each) => texts(each))
    fc.assert(
      fc.property(anyArgs, anyText, anyText, (args, one, other) => {
        const summary = `Refund ${JSON.stringify(one)}`
        const changes = [{ label: 'Note', before: one, after: other }]
        const envelope = {
          ...envelopeOf({ args, resource: `Invoice ${one}`, summary, changes }),
          amendments: [
            { step: 'step1', amended_by: other, reason: one, changes: [{ pointer: `/${one}`, after: one }] },
          ],
          moved: [{ step: 'step1', changes: [{ pointer: `/observed/${other}`, before: other }] }],
          asked_before: [{ action_id: 'act_0', at: 'then', explanation: `EXQ-4006 ${one}` }],
        }
        for (const text of texts(describeIt(envelope))) expect(printable(text)).toBe(text)
      }),
    )
  })

  test('leaves nothing out where all of it is wanted, and is the same where nothing was left out', () => {
    const long = fc.string({ unit: 'grapheme', maxLength: 900, size: 'max' })
    const many = fc.dictionary(long, fc.oneof(long, fc.array(fc.nat(), { maxLength: 80 })), { maxKeys: 4, size: 'max' })
    const seen = { cut: 0, same: 0 }
    fc.assert(
      fc.property(many, long, (args, goal) => {
        const envelope = envelopeWith({ args, goal })
        const [short, whole] = [describeIt(envelope), describeWhole(envelope)]
        const cut = leavesOut(namesOfFlags(envelope).map((name) => ({ name })))
        seen[cut ? 'cut' : 'same'] += 1
        if (!cut) expect(short).toEqual(whole)
        expect(canonical(whole)).not.toMatch(/"cut":\{|characters are not shown\]/)
        expect(whole.steps[0]?.hidden).toBe(0)
        expect(whole.steps[0]?.args.map(({ value }) => value.text)).toEqual(
          Object.values(args).flatMap((each) =>
            (Array.isArray(each) ? (each.length > 0 ? each : [[]]) : [each]).map((leaf) =>
              typeof leaf === 'string'
                ? printable(JSON.stringify(leaf).slice(1, -1).replaceAll('\\"', '"'))
                : JSON.stringify(leaf),
            ),
          ),
        )
      }),
      {
        numRuns: 30,
        examples: [
          [{}, ''],
          [{ note: 'x'.repeat(601) }, ''],
        ],
      },
    )
    expect(Math.min(seen.cut, seen.same)).toBeGreaterThan(0)
  })

  test('shows every leaf of any arguments, or counts it as hidden', () => {
    const count = (value: Json): number =>
      typeof value !== 'object' || value === null || Object.keys(value).length === 0
        ? 1
        : Object.values(value).reduce<number>((sum, each) => sum + count(each), 0)
    fc.assert(
      fc.property(anyArgs, (args) => {
        const [step] = describeIt(envelopeWith({ args })).steps
        const leaves = Object.values(args).reduce<number>((sum, each) => sum + count(each), 0)
        expect((step?.args.length ?? 0) + (step?.hidden ?? 0)).toBe(leaves)
      }),
    )
  })

  test('shows different values differently', () => {
    const scalar = fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null))
    const shown = (value: Json) => {
      const [arg] = describeIt(envelopeWith({ args: { value } })).steps[0]?.args ?? []
      return JSON.stringify([arg?.type, arg?.value])
    }
    fc.assert(
      fc.property(scalar, scalar, (one, other) => {
        expect(shown(one) === shown(other)).toBe(one === other)
      }),
    )
    expect(shown('\u200b')).not.toBe(shown('\\u{200b}'))
    expect(shown('1')).not.toBe(shown(1))
  })

  test('tells a key with a slash from one within another', () => {
    const [nested, flat] = [{ a: { b: 1 } }, { 'a/b': 1 }].map(
      (args) => describeIt(envelopeWith({ args })).steps[0]?.args[0]?.name.text,
    )
    expect([nested, flat]).toEqual(['a/b', 'a~1b'])
  })
})

describe('what is said first', () => {
  test('is the summary of the one step, the amount, the target and the risk', () => {
    const step = { summary: 'Refund $900.00 on in_1 of "Acme Inc"', amount: usd(90_000), risk: 'high' } as const
    expect(drawLines(describeIt(envelopeOf(step))).slice(0, 3)).toEqual([
      'Refund $900.00 on in_1 of "Acme Inc"',
      'Amount $900.00 | Target Invoice in_1 | Risk high',
      'agent:desk asks to act in acme.',
    ])
  })

  test('is the title with amount and resource, where the contract has no summary', () => {
    expect(describeIt(envelopeOf({ amount: usd(5) })).headline).toEqual({ text: 'Refund: $0.05, Invoice in_1' })
  })

  test('is how many steps there are, with the sum; none of the words of the agent', () => {
    const steps = ['one', 'two', 'three', 'four'].map((title) => ({ title, summary: 'anything', amount: usd(100) }))
    const rendering = describeIt(envelopeOf(...steps, { resource: 'Invoice in_2', risk: 'low' }))
    expect(rendering.headline.text).toBe('$4.00 in 5 steps: one, then two, then three, then 2 more')
    expect(rendering.target.text).toBe('2 resources')
    expect(describeIt(envelopeOf({ amount: usd(1) }, { amount: { cents: 1, currency: 'eur' } })).amount).toBeNull()
  })

  test('is the highest risk there is; where a step does not say it, critical', () => {
    expect(describeIt(envelopeOf({ risk: 'low' }, { risk: 'high' }, { risk: 'medium' })).risk).toBe('high')
    expect(describeIt(envelopeOf({ risk: 'low' }, {})).risk).toBe('critical')
  })
})

describe('what a contract shows', () => {
  const changes = [
    { label: 'Enabled', before: false, after: true },
    { label: 'Owner', after: 'ann' },
    { label: 'Left', before: 90_000, only: 'before', currency: 'usd' },
    { label: 'Note', only: 'after', after: 'hi "you"' },
    { label: 'Limit', before: 1, after: 250, currency: 'eur' },
  ] as const

  test('is drawn before the arguments, amounts as money', () => {
    const lines = drawLines(describeIt(envelopeOf({ changes, args: { a: 1 } })))
    const at = lines.indexOf('  Enabled: false -> true')
    expect(lines.slice(at, at + 6)).toEqual([
      '  Enabled: false -> true',
      '  Owner: nothing -> "ann"',
      '  Left: $900.00',
      '  Note: -> "hi \\"you\\""',
      '  Limit: €0.01 -> €2.50',
      '  a = 1',
    ])
  })

  test('is flagged where it cannot be shown plainly, as is the summary', () => {
    const odd = { label: 'Name', before: 'аnn', after: 'a\u202enn' }
    expect(namesOfFlags(envelopeOf({ changes: [odd], summary: `Rename "b\u200bob"` }))).toEqual([
      'bidi /steps/0/changes/0/after',
      'confusable /steps/0/changes/0/before',
      'invisible /steps/0/summary',
    ])
    const long = envelopeOf({ summary: 'x'.repeat(601) })
    expect(namesOfFlags(long)).toEqual(['cut /steps/0/summary'])
    expect(describeIt(long).headline.cut).toEqual({ left: 1, digest: digestBytes('x'.repeat(601)) })
  })
})

describe('what is said of the consequences', () => {
  const { then } = describeIt(envelopeOf({}))

  test('is what approving, rejecting and silence lead to', () => {
    expect(then).toEqual({
      approve: 'With what is needed (finance 1), it is done once and verified in the real system; it can be undone.',
      reject: 'One rejection ends it for good: nothing of this is done, and the agent is told why.',
      silence: 'At 2026-11-21T12:00:00.000Z it expires, and nothing of this is done.',
    })
  })

  test('names what cannot be undone', () => {
    expect(describeIt(envelopeOf({ undoable: false })).then.approve).toContain('it CANNOT BE UNDONE')
    expect(describeIt(envelopeOf({}, { undoable: false })).then.approve).toContain(
      'but for what CANNOT BE UNDONE: step2.',
    )
    expect(then.approve).not.toContain('CANNOT')
  })

  test('does not say of a read that it is undone: it changes nothing', () => {
    const read = { undoable: true, reads: true } as const
    expect(describeIt(envelopeOf(read)).then.approve).toContain('it is done once; it changes nothing.')
    expect(drawLines(describeIt(envelopeOf(read, {}))).filter((line) => /^step\d: /.test(line))).toEqual([
      'step1: Refund (refund_invoice v1) on Invoice in_1, changes nothing',
      'step2: Refund (refund_invoice v1) on Invoice in_1, can be undone',
    ])
  })

  test('names reminder and escalation, in their order, and what becomes of what is done', () => {
    const done = envelopeOf({}).steps
    const escalations = [{ group: 'finance', to: 'board', at: '2026-11-21T11:00:00.000Z' }]
    const silent = describeIt({ ...envelopeOf({}), done, escalations, remind_at: '2026-11-21T10:00:00.000Z' }).then
    expect(silent.silence).toBe(
      'Who has not decided is reminded at 2026-11-21T10:00:00.000Z. From 2026-11-21T11:00:00.000Z on board may stand for finance too. At 2026-11-21T12:00:00.000Z it expires, and nothing of this is done. What is done already is undone, as far as it can be.',
    )
    const reminders = [{ group: 'finance', at: '2026-11-21T09:00:00.000Z' }]
    const own = describeIt({ ...envelopeOf({}), reminders, remind_at: '2026-11-21T10:00:00.000Z' }).then
    expect(own.silence).toContain(
      'Who of finance has not decided is reminded at 2026-11-21T09:00:00.000Z. Who of other groups has not decided is reminded at 2026-11-21T10:00:00.000Z.',
    )
    expect(silent.reject).toContain('What is done already is undone')
  })
})
