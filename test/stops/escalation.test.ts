import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Approver, countApprovals, mayVote } from '../../src/domain/approval.js'
import { type Escalation, nextDue, standsFor } from '../../src/domain/escalation.js'

const groups = ['finance', 'management', 'security'] as const
const t0 = Date.parse('2026-01-01T00:00:00Z')
const moment = fc.integer({ min: 0, max: 1_000 }).map((ms) => t0 + ms)
const escalation: fc.Arbitrary<Escalation> = fc
  .record({ group: fc.constantFrom(...groups), to: fc.constantFrom(...groups), ms: moment })
  .map(({ group, to, ms }) => ({ group, to, at: new Date(ms).toISOString() }))
const escalations = fc.array(escalation, { maxLength: 4 })
const membership = fc.uniqueArray(fc.constantFrom(...groups))
const people = fc.uniqueArray(
  fc.record({ person: fc.integer({ min: 1, max: 5 }).map((n) => `person:p${n}`), groups: membership }),
  { selector: ({ person }) => person, maxLength: 5 },
)
const required = fc.dictionary(fc.constantFrom(...groups), fc.integer({ min: 1, max: 2 }))

const at = (all: readonly Approver[], sealed: readonly Escalation[], nowMs: number) =>
  all.map((each) => ({ ...each, groups: standsFor(each.groups, sealed, nowMs) }))

describe('an escalation', () => {
  test('before its time changes nothing, from its time on its group may be stood for by the other, and by nobody else', () => {
    fc.assert(
      fc.property(membership, escalations, moment, (own, sealed, nowMs) => {
        const stands = standsFor(own, sealed, nowMs)
        for (const group of own) expect(stands).toContain(group)
        for (const group of groups) {
          const handedOn = sealed.some(
            (each) => each.group === group && own.includes(each.to as never) && Date.parse(each.at) <= nowMs,
          )
          expect(stands.includes(group)).toBe(own.includes(group) || handedOn)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('once due stays due: what was enough stays enough', () => {
    fc.assert(
      fc.property(people, required, escalations, moment, moment, (all, needs, sealed, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)]
        const before = countApprovals(at(all, sealed, early), needs, groups, groups)
        const after = countApprovals(at(all, sealed, late), needs, groups, groups)
        const met = (counts: Record<string, number>) => Object.entries(needs).every(([g, n]) => (counts[g] ?? 0) >= n)
        if (met(before)) expect(met(after)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('gives nobody a second slot: as many people are needed as without it', () => {
    fc.assert(
      fc.property(people, required, escalations, moment, (all, needs, sealed, nowMs) => {
        const counts = countApprovals(at(all, sealed, nowMs), needs, groups, groups)
        const filled = groups.reduce((sum, group) => sum + (counts[group] ?? 0), 0)
        expect(filled).toBeLessThanOrEqual(all.length)
      }),
      { numRuns: 500 },
    )
  })

  test('lets nobody of the chain vote', () => {
    fc.assert(
      fc.property(people, escalations, moment, (all, sealed, nowMs) => {
        const chain = all.map(({ person }) => person)
        for (const person of at(all, sealed, nowMs)) expect(mayVote(person, { groups, chain })).toBe(false)
      }),
    )
  })
})

test('the next thing due is the earliest that is still to come', () => {
  fc.assert(
    fc.property(escalations, fc.array(moment), fc.option(moment), moment, (sealed, own, remind, nowMs) => {
      const iso = (ms: number) => new Date(ms).toISOString()
      const schedule = {
        escalations: sealed,
        reminders: own.map((ms) => ({ group: 'finance', at: iso(ms) })),
        ...(remind !== null && { remind_at: iso(remind) }),
      }
      const due = nextDue(schedule, nowMs)
      const ahead = [...sealed.map((each) => Date.parse(each.at)), ...own, ...(remind === null ? [] : [remind])].filter(
        (ms) => ms > nowMs,
      )
      expect(due).toBe(ahead.length > 0 ? Math.min(...ahead) - nowMs : null)
    }),
  )
})
