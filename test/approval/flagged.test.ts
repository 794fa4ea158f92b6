import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import type { Envelope, EnvelopeStep } from '../../src/domain/envelope.js'
import { flagsOf } from '../../src/domain/flags.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import type { Rendering } from '../../src/domain/rendered.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { leavesOf } from '../../src/domain/shown-texts.js'
import { envelopeWith, namesOfFlags } from './sample-envelope.js'

/** Texts and names about as long as they may be before they are cut. */
const anyText = fc.oneof(
  fc.nat({ max: 3 }).map((more) => 'x'.repeat(599 + more)),
  fc.string({ unit: 'grapheme', maxLength: 9 }),
)
const anyName = fc.nat({ max: 3 }).map((more) => 'n'.repeat(199 + more))
const anyValue = fc.oneof(anyText, fc.array(anyText, { maxLength: 2 }), fc.integer())
const anyArgs = fc.dictionary(
  fc.oneof(anyName, fc.constantFrom('a', 'b')),
  fc.oneof(anyValue, fc.array(fc.nat(), { minLength: 45, maxLength: 60 })),
  { maxKeys: 3 },
) as fc.Arbitrary<JsonObject>
const changesUnder = (root: string) =>
  fc.array(
    fc.record(
      { pointer: anyName.map((name) => `${root}/${name}`), before: anyValue, after: anyValue },
      { requiredKeys: ['pointer'] },
    ),
    { maxLength: 2 },
  )

const anyStep = fc.record(
  {
    args: anyArgs,
    resource: anyText.map((id) => `Invoice ${id}`),
    summary: anyText,
    changes: fc.array(fc.record({ label: fc.constant('Note'), before: anyValue, after: anyValue }), { maxLength: 2 }),
  },
  { requiredKeys: ['args', 'resource'] },
) as fc.Arbitrary<Partial<EnvelopeStep>>

const texts = { goal: anyText, reason: anyText, ticket_id: anyText, incident_id: anyText, user_id: anyText }

const anyEnvelope: fc.Arbitrary<Envelope> = fc
  .record({
    ...texts,
    explanation: anyText,
    chain: fc.record({
      agent: anyText,
      owner: anyText,
      on_behalf_of: anyText,
      actors: fc.array(anyText, { maxLength: 2 }),
    }),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 2 }),
    done: fc.array(anyStep, { maxLength: 1 }),
    moved: fc.array(fc.record({ step: fc.constant('step1'), changes: changesUnder('/observed') }), { maxLength: 2 }),
    amendments: fc.array(
      fc.record({
        step: fc.constant('step1'),
        amended_by: anyText,
        reason: anyText,
        changes: changesUnder(''),
      }),
      { maxLength: 2 },
    ),
    asked_before: fc.array(
      fc.record({
        action_id: fc.constant('act_0'),
        at: fc.constant('then'),
        explanation: anyText.map((text) => `EXQ-4006 ${text}`),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ goal, reason, ticket_id, incident_id, user_id, steps, done, ...more }) => {
    const plain = envelopeWith({ goal, reason, ticket_id })
    const [sample] = plain.steps
    const context = { ...plain.request.context, incident_id, user_id }
    const sealed = (changes: readonly Partial<EnvelopeStep>[]) => changes.map((each) => ({ ...sample, ...each }))
    return {
      ...plain,
      ...more,
      request: { ...plain.request, context },
      steps: sealed(steps),
      done: sealed(done),
    } as Envelope
  })

/** Where in a rendering something is cut. */
function cutsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  const here = Object.hasOwn(value, 'cut') ? [path] : []
  return [
    ...here,
    ...Object.entries(value).flatMap(([name, each]) => (name === 'cut' ? [] : cutsIn(each, `${path}/${name}`))),
  ]
}

/** The place in the envelope of what is cut at a place of its rendering. Throws for a place that has none. */
function sourceOf(path: string, envelope: Envelope, { moved, amendments, binding, said }: Rendering): string[] {
  const [, first = '', index = '', field = '', place = '', part = ''] = path.split('/')
  const step = envelope.steps[Number(index)]
  switch (first) {
    // Of one step, what its own line and target say.
    case 'headline':
      return [envelope.steps[0]?.summary === undefined ? '/steps/0/resource' : '/steps/0/summary']
    case 'target':
      return ['/steps/0/resource']
    case 'done':
      return [`/done/${index}/resource`]
    case 'binding':
      return [`/request/context/${binding[Number(index)]?.kind}_id`]
    case 'said':
      return [said[Number(index)]?.kind === 'goal' ? '/request/plan/goal' : '/request/context/reason']
    case 'asked_before':
      return [`/asked_before/${index}/explanation`]
    case 'moved': {
      const all = (envelope.moved ?? []).flatMap(({ changes }, at) =>
        changes.map((_, change) => `/moved/${at}/changes/${change}`),
      )
      expect(all).toHaveLength(moved.length)
      return [field === 'name' ? String(all[Number(index)]) : `${all[Number(index)]}/${field}`]
    }
    case 'amendments': {
      expect(amendments).toHaveLength(envelope.amendments?.length ?? 0)
      if (field === 'reason') return [`/amendments/${index}/reason`]
      return [`/amendments/${index}/changes/${place}${part === 'name' ? '' : `/${part}`}`]
    }
    case 'steps':
      if (!step) break
      if (field === 'summary') return [`/steps/${index}/${step.summary === undefined ? 'resource' : 'summary'}`]
      if (field === 'resource') return [`/steps/${index}/resource`]
      if (field === 'changes' && part !== 'name') return [`/steps/${index}/changes/${place}/${part}`]
      if (field === 'args') return [String(leavesOf(step.args, `/steps/${index}/args`).leaves[Number(place)]?.pointer)]
  }
  throw new Error(`nothing of an envelope is known to be cut at ${path}`)
}

const unique = (pointers: readonly string[]) => [...new Set(pointers)].sort()

describe('what is flagged', () => {
  test('as cut is what is shown cut, and all of that; as hidden what is counted', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        const rendering = describeEnvelope(envelope, digestBytes)
        const cuts = cutsIn(rendering)
        for (const path of cuts) seen.add(path.replace(/\/\d+/g, ''))
        const flags = flagsOf(envelope)
        const of = (wanted: string) => flags.filter(({ kind }) => kind === wanted).map(({ pointer }) => pointer)
        expect(unique(of('cut'))).toEqual(unique(cuts.flatMap((path) => sourceOf(path, envelope, rendering))))
        const hiding = rendering.steps.flatMap(({ hidden }, at) => (hidden > 0 ? [`/steps/${at}/args`] : []))
        expect(of('hidden')).toEqual(hiding)
        if (hiding.length > 0) seen.add('hidden')
      }),
      { numRuns: 300 },
    )
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'hidden',
        '/moved/name',
        '/moved/after',
        '/amendments/changes/after',
        '/asked_before/explanation',
      ]),
    )
  })

  // What the deployment or a contract says in its own words, and what is checked to be plain when it is admitted.
  const ours =
    /\/(tenant|action_id|title|label|tool|id|step|at|currency|digest|round|nonce|expires_at|policy_digest|request_digest)$/
  const drawn = envelopeWith({ args: { note: 'n', rows: ['r'] }, goal: 'g', reason: 'r' })
  const full = {
    ...drawn,
    chain: { agent: 'agent:desk', owner: 'person:ann', on_behalf_of: 'person:bo', actors: ['agent:a', 'agent:b'] },
    request: { ...drawn.request, context: { ...drawn.request.context, incident_id: 'i', user_id: 'u' } },
    steps: drawn.steps.map((step) => ({
      ...step,
      summary: 'Refund "in_1"',
      changes: [{ label: 'Note', before: 'a', after: ['b'] }],
    })),
    done: drawn.steps,
    moved: [{ step: 'step1', changes: [{ pointer: '/observed/status', before: 'a', after: { b: 'c' } }] }],
    amendments: [
      { step: 'step1', amended_by: 'person:cy', reason: 'r', changes: [{ pointer: '/note', before: 'a', after: 'n' }] },
    ],
    asked_before: [{ action_id: 'act_0', at: 'then', explanation: 'EXQ-4006 no' }],
  } as Envelope

  function everywhere(value: Json, path = ''): string[] {
    if (typeof value === 'string') return [path]
    return Object.entries(value ?? {}).flatMap(([name, each]) => everywhere(each, `${path}/${name}`))
  }

  function withOdd(value: Json, path: readonly string[], odd: string): Json {
    const [first, ...rest] = path
    if (first === undefined) return `${value as string}${odd}`
    const inner = withOdd((value as Record<string, Json>)[first] as Json, rest, odd)
    return Array.isArray(value)
      ? value.map((each, at) => (String(at) === first ? inner : each))
      : { ...(value as JsonObject), [first]: inner }
  }

  test.each(['\u202e', '\u200b', '5\u0336', 'а'])(
    'is whatever is drawn of %j, wherever in the envelope it is',
    (odd) => {
      const places = everywhere(full as unknown as Json).filter((path) => !ours.test(path))
      const flagged = places.filter((path) => {
        const envelope = withOdd(full as unknown as Json, path.slice(1).split('/'), odd) as unknown as Envelope
        const { flags, ...shown } = describeEnvelope(envelope, digestBytes)
        const plain = describeEnvelope(full, digestBytes)
        const isShown = JSON.stringify(shown) !== JSON.stringify({ ...plain, flags: undefined })
        expect(flags.length > 0, path).toBe(isShown)
        return isShown
      })
      expect(flagged.length).toBeGreaterThan(20)
    },
  )

  test('in why people are asked is its letters alone: it is shown to its end', () => {
    const explanation = 'x'.repeat(2_000)
    const { flags, policy } = describeEnvelope({ ...full, explanation }, digestBytes)
    expect([flags, policy.says]).toEqual([[], explanation])
    expect(namesOfFlags({ ...full, explanation: `${explanation}\u202e` })).toEqual(['bidi /explanation'])
  })
})
