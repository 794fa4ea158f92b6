import { describe, expect, test } from 'vitest'
import { approvalRulesOf, surfaceRulesOf } from '../../src/contract/approval-rules.js'
import { type BudgetSettings, budgetRulesOf } from '../../src/contract/budget-rules.js'
import { type Config, defineConfig } from '../../src/contract/define-config.js'
import { durationMs } from '../../src/contract/duration.js'
import type { Issuer } from '../../src/contract/issuer.js'
import type { NotificationSettings } from '../../src/contract/notification-settings.js'
import { linkTo } from '../../src/domain/links.js'

const issuer: Issuer = { issuer: 'https://id.example.com', audience: 'https://exequatur.example.com', tenant: 'acme' }
const issuers = (changes: Partial<Issuer>): Partial<Config> => ({ issuers: [{ ...issuer, ...changes }] })

const budget: BudgetSettings = { name: 'refunds', per: ['owner'], of: 'spend_cents', limit: 50_000, window: '24h' }
const budgets = (changes: Partial<BudgetSettings>): Partial<Config> => ({ budgets: [{ ...budget, ...changes }] })

const notified = (notifications: NotificationSettings): Partial<Config> => ({ notifications })
const hook = { url: 'https://example.com/', secret: 'env:HOOK' } as const
const webhook = (changes: object) => notified({ webhook: { ...hook, ...changes } })

const config: Config = {
  deployment: 'desk-1',
  tenants: ['acme'],
  groups: ['finance', 'it_security'],
  policies: './policies',
  tools: async () => [],
}

describe('a configuration', () => {
  test('is taken as it is if nothing is wrong with it', () => {
    expect(defineConfig(config)).toBe(config)
    expect(defineConfig({ ...config, issuers: [issuer] }).issuers).toEqual([issuer])
    expect(defineConfig({ ...config, approvalTtlMs: 1000 }).approvalTtlMs).toBe(1000)
    for (const url of ['https://example.com/x', 'http://127.0.0.1:9/x', 'http://localhost', 'http://[::1]:9'])
      expect(defineConfig({ ...config, ...notified({ default: ['webhook'], webhook: { ...hook, url } }) })).toBeTruthy()
  })

  test.each<[what: string, changes: Partial<Config>, complaint: string]>([
    ['a deployment with upper case', { deployment: 'Desk' }, 'deployment: lower case letters, digits and -'],
    ['an empty deployment', { deployment: '' }, 'deployment: lower case letters, digits and -'],
    ['no tenant', { tenants: [] }, 'tenants: name at least one'],
    ['a tenant with a slash', { tenants: ['a/b'] }, 'tenants: a/b: lower case letters, digits and -'],
    ['a group with a dash', { groups: ['it-security'] }, 'groups: it-security: lower case letters, digits and _'],
    ['a group called approvers', { groups: ['approvers'] }, 'groups: approvers is a reserved name'],
    ['a group called groups', { groups: ['groups'] }, 'groups: groups is a reserved name'],
    ['a group called strong', { groups: ['strong'] }, 'groups: strong is a reserved name'],
    ['an attention group that is none', { attention: { group: 'nobody' } }, 'attention.group: nobody is not one of'],
    ['an attention without a time', { attention: { after: 'soon' as '1h' } }, 'attention.after: a duration'],
    ['reminders of attention without end', { attention: { remindEvery: '0s' } }, 'attention.remindEvery: a duration'],
    ['a number of people', { people: 'two' as 'one' }, 'people: one or several'],
    ['a group that is a prototype', { groups: ['__proto__'] }, 'groups: __proto__: lower case letters'],
    ['no time to approve', { approvalTtlMs: 0 }, 'approvalTtlMs'],
    ['an issuer over plain http', issuers({ issuer: 'http://id.example.com' }), 'issuers/0/issuer: an https URL'],
    ['an issuer with a fragment', issuers({ issuer: 'https://id.example.com#x' }), 'issuers/0/issuer: an https URL'],
    ['keys over plain http', issuers({ jwksUri: 'http://id.example.com/keys' }), 'issuers/0/jwksUri'],
    ['no audience', issuers({ audience: '' }), 'issuers/0/audience'],
    ['an issuer of a tenant that is not ours', issuers({ tenant: 'other' }), 'issuers/0/tenant: other is not one'],
    ['a claim that stands for no tenant', issuers({ tenant: { claim: 'org', tenants: {} } }), 'issuers/0/tenant'],
    ['a symmetric algorithm', issuers({ algorithms: ['HS256' as 'RS256'] }), 'issuers/0/algorithms: HS256'],
    ['no algorithm', issuers({ algorithms: [] }), 'issuers/0/algorithms: name at least one'],
    ['a sign-in without a client', issuers({ signIn: { clientId: '' } }), 'issuers/0/signIn/clientId'],
    [
      'a secret in the clear',
      issuers({ signIn: { clientId: 'x', clientSecret: 's3cret' as 'env:S' } }),
      'issuers/0/signIn/clientSecret: the name of a variable',
    ],
    [
      'a sign-in through a client that nobody signs in through',
      issuers({ signIn: { clientId: 'inbox' }, signInClients: ['cli'] }),
      'issuers/0/signInClients: inbox is not one of them',
    ],
    ['a sign-in without an end', { inbox: { signInFor: 'for ever' as '1h' } }, 'inbox.signInFor: a duration'],
    ['a sign-in that is idle at once', { inbox: { idleFor: '500ms' } }, 'inbox.idleFor: a duration'],
    ['a clock that is anywhere', issuers({ clockTolerance: 3_600 }), 'issuers/0/clockTolerance'],
    ['two scopes in one', issuers({ scopes: { act: 'act read' } }), 'issuers/0/scopes'],
    ['an issuer twice', { issuers: [issuer, issuer] }, 'issuers: https://id.example.com is there twice'],
    ['a time to approve that is no number', { approvalTtlMs: Number.NaN }, 'approvalTtlMs'],
    ['a group that stops and is not there', { stops: { group: 'ops' } }, 'stops.group: ops is not one of groups'],
    ['another rule for what is stopped', { stops: { pending: 'drop' as never } }, 'stops.pending: wait or end'],
    ['two times to approve', { approvalTtlMs: 1000, approvals: { ttl: '1h' } }, 'approvals.ttl'],
    ['a time to approve that is none', { approvals: { ttl: '0s' } }, 'approvals.ttl'],
    ['a reminder after the end', { approvals: { ttl: '1h', remindAfter: '2h' } }, 'approvals.remindAfter'],
    ['a surface up to a risk that there is not', { approvals: { slackUpTo: 'some' as never } }, 'approvals.slackUpTo'],
    [
      'an inbox that approves nothing',
      { approvals: { inboxUpTo: 'none' as never } },
      'approvals.inboxUpTo: one of low',
    ],
    ['no asking up to nothing', { approvals: { unaskedUpTo: '' as never } }, 'approvals.unaskedUpTo'],
    ['a link to nowhere', { links: { ticket: 'https://desk.example/tickets' } }, 'links.ticket: a web address'],
    ['a link whose host is the id', { links: { user: 'https://{id}/' } }, 'links.user: a web address'],
    ['a link that runs', { links: { incident: 'javascript:alert({id})' } }, 'links.incident: a web address'],
    ['a link of something else', { links: { order: 'https://x/{id}' } as never }, 'links.order: links are of'],
    ['nobody who may wait', { approvals: { pendingPerAgent: 0 } }, 'approvals.pendingPerAgent'],
    [
      'an escalation to nobody',
      { approvals: { escalations: { finance: { after: '1h', to: 'board' } } } },
      'approvals.escalations.finance: board is not one of groups',
    ],
    [
      'an escalation to the same group',
      { approvals: { escalations: { finance: { after: '1h', to: 'finance' } } } },
      'it goes to the same group',
    ],
    [
      'an escalation after the end',
      { approvals: { escalations: { finance: { after: '25h', to: 'it_security' } } } },
      'it comes after the end',
    ],
    ['a budget without a name', budgets({ name: '' }), 'budgets: 0: the name is lower case words'],
    ['two budgets of one name', { budgets: [budget, budget] }, 'budgets: refunds: there are two of that name'],
    ['a budget per nothing', budgets({ per: [] }), 'per takes one or more of tenant, owner, agent, tool, target'],
    ['a budget per something else', budgets({ per: ['team' as 'owner'] }), 'per takes one or more of'],
    ['a budget per the same twice', budgets({ per: ['owner', 'owner'] }), 'per names something twice'],
    ['a budget of something else', budgets({ of: 'reads' as 'calls' }), 'of is one of calls, writes, spend_cents'],
    ['a budget without a limit', budgets({ limit: 0 }), 'limit: a whole number, 1 at least'],
    ['a budget of half a cent', budgets({ limit: 0.5 }), 'limit: a whole number, 1 at least'],
    ['a budget for no time', budgets({ window: '0s' }), 'budgets: refunds: window: a duration such as 24h'],
    ['a budget of no tools', budgets({ tools: [] }), 'tools: name at least one'],
    [
      'reported tokens per tool',
      budgets({ of: 'reported_tokens', per: ['tool'] }),
      'what is reported belongs to no tool',
    ],
    ['totals of no time', { totals: { window: 'day' as '1d' } }, 'totals.window: a duration'],
    ['loops of half a call', { loops: { identicalCalls: 1.5 } }, 'loops.identicalCalls: a whole number'],
    ['a route that is none', notified({ default: ['mail' as 'slack'] }), 'notifications.default: mail: slack, slack:'],
    [
      'a channel that is none',
      notified({ default: ['slack:#A b'] }),
      'notifications.default: slack:#A b: slack, slack:',
    ],
    ['a route twice', notified({ default: ['webhook', 'webhook'] }), 'notifications.default: names a route twice'],
    ['routes of nobody', notified({ groups: { board: [] } }), 'notifications.groups: board is not one of groups'],
    ['a route to no webhook', notified({ groups: { finance: ['webhook'] } }), 'there is no notifications.webhook'],
    [
      'a route to no chat',
      notified({ groups: { finance: ['slack:#fin'] } }),
      'finance: slack:#fin: there is no section slack',
    ],
    ['a webhook in the clear', webhook({ url: 'http://example.com/' }), 'notifications.webhook.url: an https address'],
    ['a webhook that only looks like this machine', webhook({ url: 'http://127.0.0.1.example.com' }), 'webhook.url'],
    ['a webhook with a password', webhook({ url: 'https://a:b@example.com' }), 'notifications.webhook.url'],
    ['a secret as it is', webhook({ secret: 'whsec_x' as 'env:X' }), 'notifications.webhook.secret: where it is'],
    ['loops of no time', { loops: { window: '0m' } }, 'loops.window: a duration'],
  ])('is refused with %s', (_, changes, complaint) => {
    expect(() => defineConfig({ ...config, ...changes })).toThrow(
      expect.objectContaining({ code: 'EXQ-7001', detail: expect.stringContaining(complaint) }),
    )
  })

  test('is told all that is wrong with it at once', () => {
    expect(() => defineConfig({ ...config, deployment: 'D', tenants: ['A', 'B'], groups: ['groups'] })).toThrow(
      expect.objectContaining({ detail: expect.stringMatching(/deployment.*A.*B.*groups/) }),
    )
  })
})

test('what a configuration says of approvals is meant in milliseconds, with defaults for the rest', () => {
  const silent = { approvalTtlMs: 86_400_000, remindAfterMs: null, reminders: [], escalations: [], pendingPerAgent: 50 }
  expect(approvalRulesOf()).toEqual(silent)
  expect(approvalRulesOf({}, 1_000)).toEqual({ ...silent, approvalTtlMs: 1_000 })
  const escalations = { finance: { after: '2h', to: 'it_security' } } as const
  const reminders = { finance: { after: '30m' } } as const
  expect(approvalRulesOf({ ttl: '4h', remindAfter: '1h', reminders, escalations, pendingPerAgent: 3 })).toEqual({
    approvalTtlMs: 14_400_000,
    remindAfterMs: 3_600_000,
    reminders: [{ group: 'finance', afterMs: 1_800_000 }],
    escalations: [{ group: 'finance', to: 'it_security', afterMs: 7_200_000 }],
    pendingPerAgent: 3,
  })
})

test('what a configuration says of surfaces stands beside the usual rules', () => {
  expect(surfaceRulesOf()).toEqual({ slackUpTo: 'medium', inboxUpTo: 'medium', unaskedUpTo: 'medium' })
  expect(surfaceRulesOf({ slackUpTo: 'low', unaskedUpTo: 'critical' })).toEqual({
    slackUpTo: 'low',
    inboxUpTo: 'medium',
    unaskedUpTo: 'critical',
  })
})

test('a link takes an id as a part of its path or query, whatever is in it', () => {
  const address = 'https://desk.example/tickets/{id}?of={id}'
  expect(defineConfig({ ...config, links: { ticket: address } }).links).toEqual({ ticket: address })
  expect(linkTo(address, 'zd_1')).toBe('https://desk.example/tickets/zd_1?of=zd_1')
  expect(linkTo(address, '../x?y#z')).toBe('https://desk.example/tickets/..%2Fx%3Fy%23z?of=..%2Fx%3Fy%23z')
  expect([linkTo(undefined, 'zd_1'), linkTo(address, undefined)]).toEqual([null, null])
  expect([linkTo(address, '.'), linkTo(address, '..')]).toEqual([null, null])
})

test('a duration is a whole number with a unit', () => {
  expect(['500ms', '10s', '15m', '24h', '30d'].map(durationMs)).toEqual([
    500, 10_000, 900_000, 86_400_000, 2_592_000_000,
  ])
  expect(['', '10', '1.5h', '-5s', '10 s', 's', '1e3s', '10s\n'].map(durationMs)).toEqual(Array(8).fill(null))
})

test('what a configuration says of budgets is meant in milliseconds, with defaults for the rest', () => {
  const silent = { budgets: [], totalsWindowMs: 86_400_000, loops: { identicalCalls: 50, windowMs: 600_000 } }
  expect(budgetRulesOf({})).toEqual(silent)
  expect(
    budgetRulesOf({ budgets: [budget], totals: { window: '1h' }, loops: { identicalCalls: 3, window: '30s' } }),
  ).toEqual({
    budgets: [
      { name: 'refunds', per: ['owner'], of: 'spend_cents', limit: 50_000, window_ms: 86_400_000, tools: null },
    ],
    totalsWindowMs: 3_600_000,
    loops: { identicalCalls: 3, windowMs: 30_000 },
  })
})
