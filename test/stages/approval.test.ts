import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Approver, countApprovals, mayVote, type VoteKind } from '../../src/domain/approval.js'
import type { Requirements } from '../../src/domain/policy.js'
import { nextRevision, nextVote, type RecordedVote, standingVotes } from '../../src/domain/vote-revisions.js'

const declared = ['finance', 'privacy', 'security']

const people = fc.uniqueArray(
  fc.record({
    person: fc.integer({ min: 1, max: 6 }).map((number) => `person:p${number}`),
    groups: fc.uniqueArray(fc.constantFrom(...declared)),
  }),
  { selector: ({ person }) => person, maxLength: 6 },
)
const required: fc.Arbitrary<Requirements> = fc.dictionary(fc.constantFrom(...declared), fc.integer({ min: 1, max: 2 }))
const approverGroups = fc.uniqueArray(fc.constantFrom(...declared))

/** The plain truth, by trying everything: can each slot have a person of its own? */
function canFill(slots: readonly string[], approvers: readonly Approver[]): boolean {
  const [slot, ...rest] = slots
  if (slot === undefined) return true
  return approvers.some(
    (approver) =>
      approver.groups.includes(slot) &&
      canFill(
        rest,
        approvers.filter((other) => other !== approver),
      ),
  )
}

const slotsOf = (needs: Requirements) => Object.entries(needs).flatMap(([group, count]) => Array(count).fill(group))

describe('who may vote', () => {
  const request = { groups: ['finance'], chain: ['person:ann', 'person:carol'] }

  test('somebody of an entitled group', () => {
    expect(mayVote({ person: 'person:bob', groups: ['privacy', 'finance'] }, request)).toBe(true)
  })

  test('nobody of other groups only, or of none', () => {
    expect(mayVote({ person: 'person:bob', groups: ['privacy'] }, request)).toBe(false)
    expect(mayVote({ person: 'person:bob', groups: [] }, request)).toBe(false)
  })

  test('neither the owner of the agent nor whom it acts for, whatever their groups', () => {
    for (const person of request.chain) expect(mayVote({ person, groups: ['finance'] }, request)).toBe(false)
  })
})

describe('counting approvals', () => {
  test('"finance 1 and security 1" is not met by one person who is in both', () => {
    const both = { person: 'person:bob', groups: ['finance', 'security'] }
    const needs = { finance: 1, security: 1 }
    const alone = countApprovals([both], needs, declared, declared)
    expect((alone.finance ?? 0) + (alone.security ?? 0)).toBe(1)
    const second = { person: 'person:cid', groups: ['finance'] }
    expect(countApprovals([both, second], needs, declared, declared)).toMatchObject({ finance: 1, security: 1 })
  })

  test('one person who approves twice counts once', () => {
    const bob = { person: 'person:bob', groups: ['finance'] }
    expect(countApprovals([bob, bob], { finance: 2 }, declared, ['finance'])).toMatchObject({
      finance: 1,
      approvers: 1,
      groups: 1,
    })
  })

  test('every declared group is there, 0 if nobody stands for it', () => {
    expect(countApprovals([], {}, declared, declared)).toEqual({
      finance: 0,
      privacy: 0,
      security: 0,
      approvers: 0,
      groups: 0,
      strong: 0,
    })
  })

  test('approvers are people of the approver groups, groups the different ones they can stand for', () => {
    const two = [
      { person: 'person:bob', groups: ['privacy', 'security'] },
      { person: 'person:cid', groups: ['finance'] },
    ]
    expect(countApprovals(two, {}, declared, ['privacy', 'security'])).toMatchObject({ approvers: 1, groups: 1 })
    expect(countApprovals(two, {}, declared, declared)).toMatchObject({ approvers: 2, groups: 2 })
    const same = two.map(({ person }) => ({ person, groups: ['privacy'] }))
    expect(countApprovals(same, {}, declared, declared)).toMatchObject({ approvers: 2, groups: 1 })
  })

  test('no person fills two slots, and no slot is filled by an outsider', () => {
    fc.assert(
      fc.property(people, required, approverGroups, (approvers, needs, groups) => {
        const counts = countApprovals(approvers, needs, declared, groups)
        const total = declared.reduce((sum, group) => sum + (counts[group] ?? 0), 0)
        expect(total).toBeLessThanOrEqual(approvers.length)
        for (const group of declared) {
          const members = approvers.filter((approver) => approver.groups.includes(group)).length
          expect(counts[group]).toBeLessThanOrEqual(Math.min(needs[group] ?? 0, members))
        }
        expect(counts.groups).toBeLessThanOrEqual(counts.approvers ?? 0)
        expect(counts.approvers).toBeLessThanOrEqual(approvers.length)
      }),
    )
  })

  test('the requirements are met exactly if everybody can have a slot of their own', () => {
    fc.assert(
      fc.property(people, required, approverGroups, (approvers, needs, groups) => {
        const counts = countApprovals(approvers, needs, declared, groups)
        const met = Object.entries(needs).every(([group, count]) => (counts[group] ?? 0) >= count)
        expect(met).toBe(canFill(slotsOf(needs), approvers))
        expect((counts.groups ?? 0) >= groups.length).toBe(canFill(groups, approvers))
      }),
      { numRuns: 500 },
    )
  })

  test('one more approver never lowers a count', () => {
    fc.assert(
      fc.property(people, required, approverGroups, (approvers, needs, groups) => {
        const all = countApprovals(approvers, needs, declared, groups)
        for (const left of approvers) {
          const fewer = countApprovals(
            approvers.filter((approver) => approver !== left),
            needs,
            declared,
            groups,
          )
          for (const [name, count] of Object.entries(fewer)) expect(all[name]).toBeGreaterThanOrEqual(count)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the order of the votes, of the groups and of the requirements does not matter', () => {
    const shuffled = people.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    fc.assert(
      fc.property(shuffled, required, approverGroups, ([one, other], needs, groups) => {
        const turned = Object.fromEntries(Object.entries(needs).reverse())
        expect(countApprovals(other, turned, [...declared].reverse(), [...groups].reverse())).toEqual(
          countApprovals(one, needs, declared, groups),
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('strong approvals', () => {
  test('are counted among the approvers, each person once', () => {
    const [bob, cid]: [Approver, Approver] = [
      { person: 'person:bob', groups: ['finance'] },
      { person: 'person:cid', groups: ['finance'] },
    ]
    const strong = (approver: Approver) => ({ ...approver, strong: true })
    const count = (approvers: readonly Approver[]) => countApprovals(approvers, {}, declared, ['finance']).strong
    expect(count([bob, cid])).toBe(0)
    expect(count([strong(bob), cid])).toBe(1)
    expect(count([strong(bob), strong(bob), strong(cid)])).toBe(2)
    expect(count([strong({ ...bob, groups: ['privacy'] })])).toBe(0)
  })
})

describe('votes that change', () => {
  type Order = { readonly person: number; readonly vote: VoteKind; readonly strong: boolean }
  const orders: fc.Arbitrary<Order[]> = fc.array(
    fc.record({
      person: fc.integer({ min: 1, max: 3 }),
      vote: fc.constantFrom('approve', 'withdraw', 'reject'),
      strong: fc.boolean(),
    }),
    { maxLength: 12 },
  )

  /** Every vote goes through the same rule as at the door, and becomes the next revision. */
  function cast(all: readonly Order[]): RecordedVote[] {
    const rows: RecordedVote[] = []
    for (const { person, ...next } of all) {
      const own = rows.filter(({ approver }) => approver === `person:p${person}`)
      if (nextVote(own, next) !== 'record') continue
      rows.push({ ...next, approver: `person:p${person}`, revision: nextRevision(own), proven: true })
    }
    return rows
  }

  /** The plain truth: a rejection is for ever, else the last word counts, and what was signed stays signed. */
  function truth(all: readonly Order[], person: number): string | null {
    let word: 'approve' | 'approve with a key' | 'reject' | null = null
    for (const { vote, strong } of all.filter((order) => order.person === person)) {
      if (word === 'reject') continue
      if (vote === 'approve') word = strong || word === 'approve with a key' ? 'approve with a key' : 'approve'
      else word = vote === 'reject' ? 'reject' : null
    }
    return word
  }

  const told = (votes: readonly RecordedVote[]) =>
    votes
      .map(({ approver, vote, strong }) => `${approver}: ${vote}${vote === 'approve' && strong ? ' with a key' : ''}`)
      .sort()

  test('come to the same in any order of people and votes', () => {
    fc.assert(
      fc.property(orders, (all) => {
        const expected = [1, 2, 3].flatMap((person) => {
          const word = truth(all, person)
          return word ? [`person:p${person}: ${word}`] : []
        })
        expect(told(standingVotes(cast(all)))).toEqual(expected)
      }),
      { numRuns: 1_000 },
    )
  })

  test('whose rows are read in another order come to the same', () => {
    const shuffled = orders.chain((all) => {
      const rows = cast(all)
      return fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))
    })
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(told(standingVotes(other))).toEqual(told(standingVotes(rows)))
      }),
    )
  })

  test('gain nothing, and lose no rejection, by rows that nobody signed', () => {
    const forged = fc.array(
      fc.record({
        approver: fc.integer({ min: 1, max: 4 }).map((number) => `person:p${number}`),
        revision: fc.integer({ min: 1, max: 9 }),
        vote: fc.constantFrom('approve' as const, 'withdraw' as const, 'reject' as const),
        strong: fc.boolean(),
        proven: fc.constant(false),
      }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(orders, forged, (all, added) => {
        const before = standingVotes(cast(all))
        const after = standingVotes([...cast(all), ...added])
        for (const vote of after) expect(before).toContainEqual(vote)
        for (const vote of before.filter(({ vote }) => vote === 'reject')) expect(after).toContainEqual(vote)
      }),
      { numRuns: 1_000 },
    )
  })
})
