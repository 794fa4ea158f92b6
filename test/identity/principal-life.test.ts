import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkAccount, unlinkAccount } from '../../src/control-plane/accounts.js'
import { authenticate } from '../../src/control-plane/authenticate.js'
import { changeMembership } from '../../src/control-plane/memberships.js'
import {
  decommissionPrincipal,
  resumePrincipal,
  revokePrincipal,
  rotateToken,
  suspendPrincipal,
} from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { readPrincipal } from '../../src/control-plane/read-principal.js'
import { type PrincipalEvent, type PrincipalState, stateAfter } from '../../src/domain/principal.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { recordPrincipal } from '../../src/ledger/queries/record-principal.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'

let database: TestDatabase
let deps: { pool: TestDatabase['serverPool']; authorities: ReturnType<typeof createAuthorities> }

beforeAll(async () => {
  database = await freshDatabase()
  deps = { pool: database.serverPool, authorities: createAuthorities(database.serverPool, []) }
  await createPrincipal(deps, { tenant, kind: 'person', name: 'ann', groups: [], by: 'test' })
})
afterAll(() => database.drop())

const tenant = 'acme'
const agent = (name: string) =>
  ({ tenant, kind: 'agent', name, owner: 'person:ann', groups: ['desk'], by: 'test' }) as const
const change = (principal: string, reason?: string) => ({ tenant, principal, by: 'test', reason })
const opens = (token: string) =>
  authenticate(deps, token, true).then(
    ({ principal }) => principal.principal,
    ({ code }) => code,
  )

describe('the rule of a life', () => {
  const events: PrincipalEvent[] = ['created', 'rotated', 'suspended', 'resumed', 'revoked', 'decommissioned']

  test('nothing comes back from being decommissioned, and only creation follows a revocation', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (told) => {
        let state: PrincipalState | null = null
        for (const event of told) {
          const next = stateAfter(state, event)
          if (state === 'decommissioned') expect(next).toBeNull()
          if (state === 'revoked' && next === 'live') expect(event).toBe('created')
          if (state === 'suspended' && next === 'live') expect(event).toBe('resumed')
          if (state === null && next !== null) expect(event).toBe('created')
          state = next ?? state
        }
      }),
    )
  })
})

describe('a principal', () => {
  test('that is rotated is let in by its new token only', async () => {
    const { principal, token } = await createPrincipal(deps, agent('rotated'))
    const second = await rotateToken(deps, change(principal))
    const third = await rotateToken(deps, change(principal))
    expect(await Promise.all([token, second.token, third.token].map(opens))).toEqual([
      'EXQ-2001',
      'EXQ-2001',
      principal,
    ])
  })

  test('that is suspended is let in again once it is resumed, with the token and the groups it had', async () => {
    const { principal, token } = await createPrincipal(deps, agent('held'))
    await suspendPrincipal(deps, change(principal, 'looks odd'))
    expect(await opens(token)).toBe('EXQ-2015')
    await expect(suspendPrincipal(deps, change(principal))).rejects.toMatchObject({ code: 'EXQ-2018' })
    const rotated = await rotateToken(deps, change(principal))
    expect(await opens(rotated.token)).toBe('EXQ-2015')
    await resumePrincipal(deps, change(principal))
    expect(await opens(rotated.token)).toBe(principal)
    expect((await readPrincipal(deps, tenant, principal)).groups).toEqual(['desk'])
  })

  test('that is revoked keeps no way in, and may be created anew without what it had', async () => {
    const { principal, token } = await createPrincipal(deps, agent('revoked'))
    const account = { tenant, principal, issuer: 'https://id.test', subject: 'revoked-bot', by: 'test' }
    await linkAccount(deps, account)
    await revokePrincipal(deps, tenant, principal, 'test')
    for (const again of [suspendPrincipal, resumePrincipal, rotateToken])
      await expect(again(deps, change(principal))).rejects.toMatchObject({ code: 'EXQ-2018' })
    await expect(linkAccount(deps, account)).rejects.toMatchObject({ code: 'EXQ-2018' })
    const { token: anew } = await createPrincipal(deps, { ...agent('revoked'), groups: [] })
    expect(await Promise.all([token, anew].map(opens))).toEqual(['EXQ-2001', principal])
    const { groups, accounts } = await readPrincipal(deps, tenant, principal)
    expect({ groups, accounts }).toEqual({ groups: [], accounts: [expect.stringMatching(/^token:crd_/)] })
  })

  test('that is decommissioned is gone for ever, for whoever writes the ledger too', async () => {
    const { principal, token } = await createPrincipal(deps, agent('gone'))
    await decommissionPrincipal(deps, change(principal))
    expect(await opens(token)).toBe('EXQ-2001')
    await expect(createPrincipal(deps, agent('gone'))).rejects.toMatchObject({ code: 'EXQ-2018' })
    await expect(revokePrincipal(deps, tenant, principal, 'test')).rejects.toMatchObject({ code: 'EXQ-2018' })
    const row = { principal, kind: 'agent', state: 'live', owner: 'person:ann', environment: null } as const
    await expect(recordPrincipal(database.serverPool, tenant, row, 'test')).rejects.toMatchObject({ code: '23000' })
  })

  test('shows its life from the facts, each with who recorded it and why', async () => {
    const { principal } = await createPrincipal(deps, { ...agent('shown'), contact: 'team-desk' })
    await rotateToken(deps, change(principal))
    await suspendPrincipal(deps, change(principal, 'looks odd'))
    await resumePrincipal(deps, change(principal))
    await revokePrincipal(deps, tenant, principal, 'person:ann', 'no longer needed')
    const view = await readPrincipal(deps, tenant, principal)
    expect(view).toMatchObject({
      state: 'revoked',
      contact: 'team-desk',
      owner: { principal: 'person:ann', state: 'live' },
    })
    expect(view.life.map(({ event, state, reason, recorded_by }) => [event, state, reason, recorded_by])).toEqual([
      ['created', 'live', null, 'test'],
      ['rotated', 'live', null, 'test'],
      ['suspended', 'suspended', 'looks odd', 'test'],
      ['resumed', 'live', null, 'test'],
      ['revoked', 'revoked', 'no longer needed', 'person:ann'],
    ])
  })

  test('that is an agent or a service has a live person who answers for it, and none is called as we are', async () => {
    for (const owner of [undefined, 'person:nobody', 'agent:shown'])
      await expect(createPrincipal(deps, { ...agent('unowned'), owner })).rejects.toMatchObject({ code: 'EXQ-2004' })
    const service = { ...agent('observer'), kind: 'service' } as const
    await expect(createPrincipal(deps, service)).rejects.toMatchObject({ code: 'EXQ-2003' })
  })

  test('changes one at a time: of many at once one is made, and the others are told', async () => {
    const { principal } = await createPrincipal(deps, agent('contested'))
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => suspendPrincipal(deps, change(principal))))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'EXQ-2018' })
    }
    expect((await readPrincipal(deps, tenant, principal)).life).toHaveLength(2)
  })
})

describe('a membership', () => {
  test('changes without making the principal anew, and raises the authority once', async () => {
    const { principal, token } = await createPrincipal(deps, agent('mover'))
    const revision = async () => (await deps.authorities.current(tenant))?.revision ?? 0
    const before = await revision()
    const membership = { tenant, group: 'finance', principal, by: 'test' }
    for (const _ of [1, 2]) await changeMembership(deps, { ...membership, state: 'member' })
    expect(await revision()).toBe(before + 1)
    expect((await deps.authorities.current(tenant))?.groupsOf(principal)).toEqual(
      expect.arrayContaining(['desk', 'finance']),
    )
    await changeMembership(deps, { ...membership, state: 'removed' })
    expect((await deps.authorities.current(tenant))?.groupsOf(principal)).toEqual(['desk'])
    expect(await opens(token)).toBe(principal)
  })

  test('is not for a principal that is not live', async () => {
    const { principal } = await createPrincipal(deps, agent('outsider'))
    await suspendPrincipal(deps, change(principal))
    const membership = { tenant, group: 'finance', principal, by: 'test', state: 'member' } as const
    await expect(changeMembership(deps, membership)).rejects.toMatchObject({ code: 'EXQ-2018' })
    await changeMembership(deps, { ...membership, group: 'desk', state: 'removed' })
  })
})

describe('an identity of an issuer', () => {
  const account = { tenant, issuer: 'https://id.test', subject: 'ann-1', by: 'test' }

  test('is one principal at a time, and may become another after it was unlinked', async () => {
    await createPrincipal(deps, { tenant, kind: 'person', name: 'pat', groups: [], by: 'test' })
    await linkAccount(deps, { ...account, principal: 'person:ann' })
    await expect(linkAccount(deps, { ...account, principal: 'person:pat' })).rejects.toMatchObject({ code: 'EXQ-2019' })
    await expect(unlinkAccount(deps, { ...account, principal: 'person:pat' })).rejects.toMatchObject({
      code: 'EXQ-2004',
    })
    await unlinkAccount(deps, { ...account, principal: 'person:ann' })
    await linkAccount(deps, { ...account, principal: 'person:pat' })
    expect((await readPrincipal(deps, tenant, 'person:pat')).accounts).toContain('oidc:https://id.test#ann-1')
  })

  test('is linked only to who exists, and only to an issuer that is one', async () => {
    await expect(linkAccount(deps, { ...account, principal: 'person:nobody' })).rejects.toMatchObject({
      code: 'EXQ-2004',
    })
    for (const issuer of ['id.test', 'https://id.test#x']) {
      await expect(linkAccount(deps, { ...account, issuer, principal: 'person:ann' })).rejects.toMatchObject({
        code: 'EXQ-7007',
      })
    }
  })
})
