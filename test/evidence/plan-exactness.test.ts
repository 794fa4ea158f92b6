import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, digest } from '../../src/digest.js'
import type { JsonObject } from '../../src/domain/json.js'
import type { Bounds, Plan, Step } from '../../src/domain/request.js'
import type { Admitted } from '../../src/evidence/admitted.js'
import { isFresh, presentContent } from '../../src/evidence/votes.js'
import type { EnvelopeRow } from '../../src/ledger/action-record.js'
import { addNote, getInvoice, refundInvoice, registered } from '../_util/contracts.js'

const tools = Object.fromEntries([addNote, getInvoice, refundInvoice].map((tool) => [tool.contract.name, tool]))

interface Looks {
  /** What each look found, oldest first. */
  readonly found: readonly JsonObject[]
  /** The one that round 1 was decided on. */
  readonly decided: number
}

/** An admitted plan, with nothing done of it. */
function admitted(
  plan: Plan,
  { found, decided }: Looks = { found: [{ refundable_cents: 4200 }], decided: 0 },
): Admitted {
  const pins = plan.steps.map(({ id, tool }) => [id, { tool, version: 1, digest: tools[tool]?.digest ?? '' }])
  const request = { tenant: 'acme', agent: 'agent:desk', plan, context: { request_id: 'r1' } }
  const observed = plan.steps.flatMap(({ id }) =>
    found.map((output, look) => ({ step: id, look, output, output_digest: digest(output) })),
  )
  const decisions = plan.steps.map(({ id }) => ({
    stage: 'policy',
    phase: 'execute',
    round: 1,
    step: id,
    look: decided,
    moved: null,
  }))
  return {
    record: {
      tenant: 'acme',
      id: 'act_1',
      request_digest: digest(request),
      contracts: Object.fromEntries(pins),
      observations: observed,
      intents: [],
      outcomes: [],
      verifications: [],
      decisions,
    },
    request,
    amendments: [],
    authority: {
      policyDigest: 'sha256:p',
      principal: () => null,
      contractByDigest: (of: string) => {
        const tool = Object.values(tools).find((each) => each.digest === of)
        return tool && registered(tool)
      },
    },
  } as unknown as Admitted
}

const sealed = (plan: Plan): EnvelopeRow =>
  ({
    round: 1,
    envelope: canonical({ ...presentContent(admitted(plan), 1), requirements: { finance: 1 }, nonce: 'n' }),
  }) as unknown as EnvelopeRow

const args: fc.Arbitrary<JsonObject> = fc.record(
  {
    invoice_id: fc.constantFrom('in_1', 'in_2'),
    amount_cents: fc.integer({ min: 1, max: 9 }),
    text: fc.string({ maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const bounds: fc.Arbitrary<Bounds> = fc.record(
  { steps: fc.nat(9), calls: fc.nat(9), writes: fc.nat(9), spend_cents: fc.nat(9_999) },
  { requiredKeys: [], noNullPrototype: true },
)
const steps: fc.Arbitrary<Step[]> = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(tools)), args), { minLength: 1, maxLength: 5 })
  .map((all) => all.map(([tool, given], index) => ({ id: `step${index + 1}`, tool, args: given })))
const plans: fc.Arbitrary<Plan> = fc.record({ steps, bounds })

type Edit = (plan: Plan, at: number, more: JsonObject) => Plan
const withSteps = (plan: Plan, edit: (steps: Step[]) => Step[]): Plan => ({ ...plan, steps: edit([...plan.steps]) })
const edits: Record<string, Edit> = {
  'a step is put in': (plan, at, more) =>
    withSteps(plan, (all) => all.toSpliced(at, 0, { id: 'another', tool: 'add_note', args: more })),
  'a step is left out': (plan, at) => withSteps(plan, (all) => all.toSpliced(at % all.length, 1)),
  'a step is there twice': (plan, at) =>
    withSteps(plan, (all) => all.toSpliced(at, 0, { ...(all[at % all.length] as Step), id: 'again' })),
  'the steps are in another order': (plan) => withSteps(plan, (all) => all.toReversed()),
  'steps change places but keep their ids': (plan) =>
    withSteps(plan, (all) => all.map(({ id }, index) => ({ ...(all[all.length - 1 - index] as Step), id }))),
  'the arguments of a step are others': (plan, at, more) =>
    withSteps(plan, (all) => all.with(at % all.length, { ...(all[at % all.length] as Step), args: more })),
  'an argument refers to an earlier step': (plan, at) =>
    withSteps(plan, (all) =>
      all.with(at % all.length, { ...(all[at % all.length] as Step), args: { text: { $from: 'step1.refund_id' } } }),
    ),
  'a step is of another tool': (plan, at) =>
    withSteps(plan, (all) => {
      const step = all[at % all.length] as Step
      return all.with(at % all.length, { ...step, tool: step.tool === 'add_note' ? 'get_invoice' : 'add_note' })
    }),
  'a bound is another': (plan, at) => ({ ...plan, bounds: { ...plan.bounds, steps: at + 100 } }),
  'the bounds are gone': ({ steps: all }) => ({ steps: all }),
}

describe('approving a plan approves exactly its steps and bounds', () => {
  test('what was sealed stays fresh while nothing changes', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(isFresh(admitted(plan), sealed(plan))).toBe(true)
      }),
    )
  })

  test.each(Object.entries(edits))('it is out of date where %s', (_, edit) => {
    fc.assert(
      fc.property(plans, fc.nat(5), args, (plan, at, more) => {
        const other = edit(plan, at, more)
        fc.pre(canonical(other) !== canonical(plan))
        expect(isFresh(admitted(other), sealed(plan))).toBe(false)
        // Not because of the digest of the request alone: what would run differs.
        const asIfSame = { ...admitted(other) }
        Object.assign(asIfSame, {
          record: { ...asIfSame.record, request_digest: admitted(plan).record.request_digest },
        })
        expect(isFresh(asIfSame, sealed(plan))).toBe(false)
      }),
    )
  })

  test('a look that came later changes nothing; another one that the round is decided on does', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 0, max: 9_999 }), (plan, cents) => {
        const found = [{ refundable_cents: 4200 }, { refundable_cents: cents }]
        expect(isFresh(admitted(plan, { found, decided: 0 }), sealed(plan))).toBe(true)
        expect(isFresh(admitted(plan, { found, decided: 1 }), sealed(plan))).toBe(cents === 4200)
      }),
    )
  })
})
