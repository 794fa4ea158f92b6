import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../examples/refund-desk/demo/desk-client.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { exq } from '../surfaces/cli-run.js'
import { type OidcIssuer, startIssuer } from './oidc-issuer.js'

describe('an agent with a chain of actors, on behalf of a person, on the real stack', () => {
  let oidc: OidcIssuer
  let desk: TestDesk

  beforeAll(async () => {
    oidc = await startIssuer(['desk-bot', 'helper-bot'], 300)
    const issuer = { EXEQUATUR_TEST_ISSUER: oidc.issuer }
    const config = fileURLToPath(new URL('./fixtures/oidc.config.ts', import.meta.url))
    desk = await openTestDesk('oidc', { config, env: { server: issuer, executor: issuer } })
    await run('account link agent:support_refunds_v2 --subject desk-bot')
    await run('account link agent:privacy_officer_bot --subject helper-bot')
    await run('account link person:ann --subject ann-1')
    await run('account link person:fred --subject fred-1')
  })
  afterAll(async () => {
    await desk?.close()
    await oidc?.close()
  })

  const run = async (line: string) => {
    const argv = [
      ...line.split(' '),
      '--tenant',
      'acme',
      ...(line.startsWith('account') ? ['--issuer', oidc.issuer] : []),
    ]
    const ran = await exq(argv, { env: { DATABASE_URL: desk.dev.database_url } })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    return ran.stdout
  }
  const as = (token: string) => connect(desk.dev, token)
  const chained = async () =>
    oidc.exchanged(await oidc.exchanged(await oidc.ofPerson('ann-1'), 'helper-bot'), 'desk-bot')
  const waiting = async (token: string, requestId: string) => {
    const asked = await as(token).ask('refund_invoice', refund(60_000), 0, requestId)
    expect(asked.status).toBe(202)
    let action = asked.body
    await until(`${requestId} waits for people`, async () => {
      action = (await as(token).get<Action>(`/v1/actions/${asked.body.id}`)).body
      return action.approval !== null
    })
    return action
  }
  const vote = async (action: Action, subject: string) =>
    as(await oidc.ofPerson(subject)).post<{ code?: string }>(`/v1/approvals/${action.approval?.id}/votes`, {
      vote: 'approve',
      reason: 'looked at it',
      envelope_digest: action.approval?.envelope_digest,
    })

  test('is approved by another person who signed in, not by the one acted for, and every record names them all', async () => {
    const token = await chained()
    const action = await waiting(token, 'chain-1')
    expect((await vote(action, 'ann-1')).body.code).toBe('EXQ-4003')
    expect((await vote(action, 'fred-1')).status).toBe(200)
    expect((await as(token).ended(action.id)).outcome).toBe('succeeded')
    expect(await desk.refunds('in_bulk')).toBe(1)

    const chain = {
      agent: 'agent:support_refunds_v2',
      on_behalf_of: 'person:ann',
      actors: ['agent:privacy_officer_bot'],
    }
    const named = {
      ...chain,
      tool: expect.any(String),
      workflow_id: `acme/${action.id}`,
      run_id: action.workflow.run_id,
    }
    for (const table of ['intents', 'decisions']) {
      const rows = await desk.rows(`select * from ${table} where action_id = $1`, [action.id])
      expect(rows.length).toBeGreaterThan(1)
      for (const row of rows)
        expect(row).toMatchObject({ ...named, policy_ids: expect.any(Array), policy_digest: expect.any(String) })
    }
    const trail = await exq(['trail', action.id], { env: { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: token } })
    expect(trail.stdout).toMatch(/for +person:ann/)
    expect(trail.stdout).toMatch(/through +agent:privacy_officer_bot/)
    expect(trail.stdout).toContain('approve by person:fred')
  })

  test('goes no further once an earlier actor is suspended, and goes on once it is resumed', async () => {
    const token = await chained()
    const action = await waiting(token, 'chain-2')
    await run('agent suspend privacy_officer_bot')
    expect((await as(token).get<{ code?: string }>(`/v1/actions/${action.id}`)).body.code).toBe('EXQ-2015')
    expect((await vote(action, 'fred-1')).status).toBe(200)
    const ended = await desk.person('fred').ended(action.id)
    expect(ended).toMatchObject({ outcome: 'denied', problem: { code: 'EXQ-2015' } })
    expect(await desk.refunds('in_bulk')).toBe(1)
    await run('agent resume privacy_officer_bot')
    expect((await as(token).get<Action>(`/v1/actions/${action.id}`)).body.id).toBe(action.id)
  })

  test('shows the life of an agent from its facts', async () => {
    const shown = await run('agent show privacy_officer_bot')
    expect(shown).toMatch(/agent:privacy_officer_bot of acme {2}live/)
    expect(shown).toContain(`oidc:${oidc.issuer}#helper-bot`)
    expect([...shown.matchAll(/\b(created|suspended|resumed)\b/g)].map(([word]) => word)).toEqual([
      'created',
      'suspended',
      'resumed',
    ])
  })
})
