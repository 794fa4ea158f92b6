import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Issuer } from '../../src/contract/issuer.js'
import { longestChain, readClaims } from '../../src/identity/token-claims.js'

const issuer: Issuer = { issuer: 'https://id.test', audience: 'exequatur', tenant: 'acme' }
const name = fc.string({ minLength: 1, maxLength: 20 })
const chainOf = (actors: readonly { readonly sub: string; readonly iss?: string }[]) =>
  actors.reduceRight<object | undefined>((act, actor) => ({ ...actor, ...(act && { act }) }), undefined)

describe('the chain of actors', () => {
  test('is kept whole and in order, whatever its names are', () => {
    const actor = fc.record(
      { sub: name, iss: fc.constantFrom('https://id.test', 'https://other.test') },
      { requiredKeys: ['sub'] },
    )
    fc.assert(
      fc.property(fc.array(actor, { minLength: 1, maxLength: longestChain }), name, (actors, sub) => {
        const claims = readClaims({ sub, exp: 1, act: chainOf(actors) }, issuer)
        expect(claims.acts).toEqual(actors.map(({ sub, iss = 'https://id.test' }) => `oidc:${iss}#${sub}`))
        expect(claims.subject).toBe(sub)
      }),
    )
  })

  test('is refused where it is longer than what is kept, however long it is', () => {
    const tooLong = fc.array(name, { minLength: longestChain + 1, maxLength: 200 })
    fc.assert(
      fc.property(tooLong, (names) => {
        const act = chainOf(names.map((sub) => ({ sub })))
        expect(() => readClaims({ sub: 'ann', exp: 1, act }, issuer)).toThrow(
          expect.objectContaining({ code: 'EXQ-2016' }),
        )
      }),
    )
  })

  test('is refused where any link of it names nobody', () => {
    const broken = fc.constantFrom<unknown>({}, { sub: '' }, { sub: 7 }, { sub: 'x'.repeat(256) }, 'bot', null, [], {
      sub: 'bot',
      iss: 7,
    })
    fc.assert(
      fc.property(fc.array(name, { maxLength: longestChain - 1 }), broken, (names, last) => {
        const act = names.reduceRight<unknown>((act, sub) => ({ sub, act }), last)
        expect(() => readClaims({ sub: 'ann', exp: 1, act }, issuer)).toThrow(
          expect.objectContaining({ code: 'EXQ-2016' }),
        )
      }),
    )
  })
})

test.each(['__proto__', 'constructor', 'org-2', '', ['org-1'], undefined])('a tenant is not named by %j', (org) => {
  const several = { ...issuer, tenant: { claim: 'org', tenants: { 'org-1': 'acme' } } }
  expect(readClaims({ sub: 'ann', exp: 1, org: 'org-1' }, several).tenant).toBe('acme')
  expect(() => readClaims({ sub: 'ann', exp: 1, org }, several)).toThrow(expect.objectContaining({ code: 'EXQ-2014' }))
})

describe('a claim', () => {
  const claims = { agent: 'azp', person: 'upn', session: 'session_state', scope: 'scp' }

  test('is read from where the configuration says', () => {
    const payload = { sub: 's', upn: 'ann', azp: 'bot', session_state: 'ses', scp: ['a', 7, 'b'], exp: 100 }
    expect(readClaims(payload, { ...issuer, claims, clockTolerance: 3 })).toMatchObject({
      subject: 'ann',
      client: 'bot',
      session: 'ses',
      scopes: ['a', 'b'],
      endsAt: 103_000,
    })
  })

  test.each([
    { sub: '' },
    { sub: ['ann'] },
    { sub: 'ann', client_id: '' },
    { sub: 'ann', client_id: { id: 'bot' } },
    { sub: 'ann', sid: 7 },
  ])('that is no name is refused: %j', (payload) => {
    expect(() => readClaims({ exp: 1, ...payload }, issuer)).toThrow(expect.objectContaining({ code: 'EXQ-2010' }))
  })
})
