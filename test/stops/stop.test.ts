import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isKeeper, mayStop } from '../../src/domain/entitlement.js'
import { type Stop, type StoppableCall, stoppedBy } from '../../src/domain/stop.js'
import { stopOf } from '../../src/evidence/stops.js'

const agents = ['agent:a', 'agent:b', 'agent:c'] as const
const owners = ['person:x', 'person:y'] as const
const tools = ['read', 'write'] as const
const scopes = [
  'all',
  'tenant',
  ...agents,
  ...owners.map((owner) => `owner:${owner}`),
  ...tools.map((tool) => `tool:${tool}`),
]

const stop = fc.record({
  scope: fc.constantFrom(...scopes),
  pending: fc.constantFrom('wait' as const, 'end' as const),
  reason: fc.constant('fire'),
  by: fc.constant('person:x'),
  at: fc.constant('2026-01-01T00:00:00Z'),
})
const call: fc.Arbitrary<StoppableCall> = fc.record({
  actors: fc.array(fc.record({ id: fc.constantFrom(...agents), owner: fc.constantFrom(...owners, null) }), {
    minLength: 1,
    maxLength: 3,
  }),
  tool: fc.constantFrom(...tools),
  undo: fc.boolean(),
})

/** The plain truth, scope by scope. */
function holds({ scope }: Stop, { actors, tool, undo }: StoppableCall): boolean {
  if (scope === 'all' || scope === 'tenant') return true
  if (scope.startsWith('tool:')) return scope === `tool:${tool}`
  return !undo && actors.some(({ id, owner }) => scope === id || scope === `owner:${owner}`)
}

describe('a stop', () => {
  test('holds exactly the calls of its scope, whoever of the chain it is for', () => {
    fc.assert(
      fc.property(fc.array(stop, { maxLength: 5 }), call, (stops, about) => {
        const found = stoppedBy(stops, about)
        expect(found !== undefined).toBe(stops.some((each) => holds(each, about)))
        if (found) expect(holds(found, about)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('that ends comes before one that lets wait', () => {
    fc.assert(
      fc.property(fc.array(stop, { maxLength: 5 }), call, (stops, about) => {
        const ends = stops.some((each) => holds(each, about) && each.pending === 'end')
        expect(stoppedBy(stops, about)?.pending === 'end').toBe(ends)
      }),
      { numRuns: 1_000 },
    )
  })

  test('of an agent or an owner leaves undoing alone; one of a tool, the tenant or all does not', () => {
    const about = { actors: [{ id: 'agent:a', owner: 'person:x' }], tool: 'write', undo: true }
    const of = (scope: string): Stop => ({ scope, pending: 'end', reason: '', by: '', at: '' })
    for (const scope of ['agent:a', 'owner:person:x']) expect(stoppedBy([of(scope)], about)).toBeUndefined()
    for (const scope of ['tool:write', 'tenant', 'all']) expect(stoppedBy([of(scope)], about)?.scope).toBe(scope)
  })

  test('of an agent that acted earlier, or of its owner, holds the call; one that was linked later too', () => {
    const owned = new Map([
      ['agent:near', 'person:x'],
      ['agent:far', 'person:y'],
    ])
    const authority = (scope: string) => ({
      stops: [{ scope, pending: 'end' as const, reason: '', by: '', at: '' }],
      principal: (id: string) => ({ owner: owned.get(id) ?? null }) as never,
      accountBy: (key: string) => (key === 'oidc:i#s' ? ({ principal: 'agent:far' } as never) : undefined),
    })
    const request = { agent: 'agent:near', actors: ['oidc:i#s'] }
    for (const scope of ['agent:near', 'agent:far', 'owner:person:x', 'owner:person:y'])
      expect(stopOf(authority(scope), request, 'read')?.scope).toBe(scope)
    for (const scope of ['agent:other', 'owner:person:z', 'tool:write'])
      expect(stopOf(authority(scope), request, 'read')).toBeUndefined()
  })
})

describe('who may stop', () => {
  const rules = { group: 'security', pending: 'end' } as const
  const ownerOf = (agent: string) => (agent === 'agent:a' ? 'person:x' : 'person:y')
  const person = (id: string, ...groups: string[]) => ({ id, groups })

  test('people of the group may stop and resume everything', () => {
    for (const scope of scopes) expect(mayStop(rules, person('person:z', 'security'), scope, ownerOf)).toBe(true)
    expect(isKeeper(rules, person('person:z', 'security'))).toBe(true)
  })

  test('anybody else may stop an agent of theirs, or all of theirs, and resume nothing', () => {
    const allowed = scopes.filter((scope) => mayStop(rules, person('person:x', 'finance'), scope, ownerOf))
    expect(allowed).toEqual(['agent:a', 'owner:person:x'])
    expect(isKeeper(rules, person('person:x', 'finance'))).toBe(false)
  })

  test('without a configured group nobody resumes', () => {
    expect(isKeeper({}, person('person:x', 'undefined', 'security'))).toBe(false)
  })
})
