import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/digest.js'
import { amend, changesBetween } from '../../src/domain/amendment.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import type { ActionRequest } from '../../src/domain/request.js'
import type { Admitted } from '../../src/evidence/admitted.js'
import { approvedByAnother } from '../../src/evidence/amended.js'
import { decisionOf } from '../_util/ledger-rows.js'

/** An action that was amended, whose tool names these approvers. */
function amended(approvers: readonly string[], amendments = [{ previous_digest: 'sha256:e' }]): Admitted {
  return {
    record: {
      contracts: { step1: { tool: 't', version: 1, digest: 'd' } },
      envelopes: [{ digest: 'sha256:e', requirements: { privacy: 1 } }],
    },
    authority: { contractByDigest: () => ({ contract: { approvers } }) },
    amendments,
  } as unknown as Admitted
}

describe('what a person has changed', () => {
  test('needs one of the approvers, whatever the policy lets run', () => {
    expect(approvedByAnother(amended(['finance']), decisionOf(), { approvers: 0, finance: 0 })).toMatchObject({
      result: 'require-approval',
      requirements: { approvers: 1 },
      permitted_by: ['desk'],
    })
    expect(approvedByAnother(amended(['finance']), decisionOf(), { approvers: 1 }).result).toBe('allow')
  })

  test('needs those who were asked before, where the tool names no approvers', () => {
    expect(approvedByAnother(amended([]), decisionOf(), { finance: 1 })).toMatchObject({ requirements: { privacy: 1 } })
    expect(approvedByAnother(amended([]), decisionOf(), { privacy: 1 }).result).toBe('allow')
  })

  test('is not decided more mildly than the policy does', () => {
    for (const result of ['deny', 'require-approval'] as const) {
      const decision = decisionOf({ result })
      expect(approvedByAnother(amended(['finance']), decision, { approvers: 5 })).toBe(decision)
    }
  })

  test('is all that needs it', () => {
    expect(approvedByAnother(amended(['finance'], []), decisionOf(), {}).result).toBe('allow')
  })
})

const json = fc.jsonValue() as fc.Arbitrary<Json>
const args = fc.dictionary(fc.constantFrom('a', 'b', 'c/d', 'e~f'), json) as fc.Arbitrary<JsonObject>
const same = (one: Json, other: Json) => canonical(one) === canonical(other)

test('the changes are exactly what differs, with what was before', () => {
  fc.assert(
    fc.property(args, args, (before, after) => {
      const changes = changesBetween(before, after, same)
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const change = changes.find(({ pointer }) => pointer === `/${name.replace('~', '~0').replace('/', '~1')}`)
        const differs = canonical([before[name] ?? 'none']) !== canonical([after[name] ?? 'none'])
        if (differs) expect(change).toBeDefined()
        if (change) expect(canonical([change.before ?? null])).toBe(canonical([before[name] ?? null]))
      }
    }),
  )
})

test('an amendment changes its step alone, and not what it was made from', () => {
  fc.assert(
    fc.property(args, args, args, (one, two, next) => {
      const steps = [
        { id: 'step1', tool: 't', args: one },
        { id: 'step2', tool: 't', args: two },
      ]
      const request = { tenant: 'acme', agent: 'agent:desk', plan: { steps }, context: { request_id: 'r' } }
      const before = canonical(request)
      const { plan } = amend(request as ActionRequest, 'step2', next)
      expect(plan.steps.map((step) => step.args)).toEqual([one, next])
      expect(canonical(request)).toBe(before)
    }),
  )
})
