import { describe, expect, test } from 'vitest'
import type { Approval, Me, Vote } from '../../src/inbox/api/views.js'
import { standingOf } from '../../src/inbox/screens/standing.js'

const bob = { principal: 'person:bob', groups: ['finance'] } as Pick<Me, 'principal' | 'groups'> as Me
const now = Date.parse('2026-12-01T10:00:00Z')

const vote = (changes: Partial<Vote> = {}): Vote => ({
  approver: 'person:bob',
  vote: 'approve',
  reason: '',
  method: 'inbox',
  at: '2026-12-01T09:00:00Z',
  counts: true,
  self_approved: false,
  ...changes,
})

const request = (changes: Partial<Approval> = {}): Approval =>
  ({
    state: 'waiting',
    expires_at: '2026-12-01T11:00:00Z',
    requirements: { finance: 1 },
    groups: ['finance'],
    votes: [],
    escalations: [],
    cancelled_by: null,
    your_vote: { revision: 1, self_approved: false },
    ...changes,
  }) as Partial<Approval> as Approval

const told = (changes: Partial<Approval>) => standingOf(request(changes), bob, now, false)

describe('what is said to somebody who has decided', () => {
  test('is that others still decide only where more people are needed', () => {
    const votes = [vote()]
    const yours = 'You approved this in the inbox.'
    expect(told({ votes })).toMatchObject({ open: false, says: `${yours} It has not begun yet.` })
    for (const requirements of [{ finance: 2 }, { finance: 1, privacy: 1 }, { approvers: 2 }, { groups: 2 }])
      expect(told({ votes, requirements }).says, JSON.stringify(requirements)).toBe(`${yours} Others still decide.`)
    const both = [vote({ approver: 'person:cat' }), vote()]
    expect(told({ votes: both, requirements: { finance: 2 } }).says).toBe(
      `${yours} cat and bob approved: it has not begun yet.`,
    )
    expect(told({ votes, requirements: { finance: 1, strong: 1 } }).says).toBe(`${yours} It is not complete yet.`)
  })

  test('is that it counts no longer, and that they decide again', () => {
    const votes = [vote({ counts: false })]
    expect(told({ votes })).toEqual({
      open: true,
      says: 'Your approval counts no longer: decide again.',
      kind: 'open',
    })
    expect(told({ votes: [vote({ counts: false, vote: 'reject' })] }).says).toMatch(/^Your rejection counts no longer/)
    expect(told({ votes: [vote({ counts: false }), vote({ counts: false, vote: 'withdraw' })] }).says).toBe('')
    // Who is not asked any more cannot.
    expect(told({ votes, groups: ['privacy'] })).toMatchObject({ open: false, kind: 'watching' })
  })
})

describe('what is said of a request that expired', () => {
  test.each([
    ['nobody decided in time', { votes: [] }],
    ['nobody decided in time', { votes: [vote({ counts: false })] }],
    ['not enough people decided in time', { votes: [vote()], requirements: { finance: 2 } }],
    ['it was not complete in time', { votes: [vote()], requirements: { finance: 1, strong: 1 } }],
  ])('is that %s', (why, changes: Partial<Approval>) => {
    const says = `Expired: ${why}, and nothing of this is done.`
    expect(told({ ...changes, state: 'expired' }).says).toBe(says)
    expect(told({ ...changes, expires_at: '2026-12-01T09:59:59Z' }).says).toBe(says)
  })
})
