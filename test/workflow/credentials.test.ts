import { randomUUID } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Secrets, secretsOf } from '../../src/credentials/secrets.js'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { type Issuer, startIssuer } from '../credentials/issuer.js'
import { exq } from '../surfaces/cli-run.js'
import { startEcho } from './fixtures/echo.js'

const fixed = { env: 'canary/env+secret=4711', file: 'canary-file-secret-0815' }

describe('tools that give their credentials away', () => {
  let desk: TestDesk
  let issuer: Issuer
  let echo: Awaited<ReturnType<typeof startEcho>>
  const actions: Action[] = []
  // Of the plans below; what cannot be looked at is not confirmed, and waits for a person.
  const cannotBeLookedAt = 5
  const looksOf = async (id: string) => (await desk.rows('select from looks where action_id = $1', [id])).length

  beforeAll(async () => {
    // Opaque, so that it can be revoked.
    issuer = await startIssuer({ signed: false })
    echo = await startEcho()
    const file = join(tmpdir(), `exequatur-${randomUUID()}`)
    await writeFile(file, `${fixed.file}\n`)
    desk = await openTestDesk('credentials', {
      config: fileURLToPath(new URL('fixtures/leaky.config.ts', import.meta.url)),
      env: {
        executor: {
          LEAK_ENV: fixed.env,
          LEAK_FILE: file,
          LEAK_ISSUER: issuer.url,
          LEAK_CLIENT_SECRET: issuer.client.secret,
          LEAK_ECHO: echo.url,
          EXEQUATUR_LOG_LEVEL: 'trace',
        },
        server: { EXEQUATUR_LOG_LEVEL: 'trace' },
      },
    })
    const plans = [
      ...['throw', 'refuse', 'return', 'encode', 'password', 'verify'].map((how) => [
        { id: 'one', tool: 'leak', args: { how } },
      ]),
      ...['return', 'refuse'].map((how) => [{ id: 'one', tool: 'leak_read', args: { how } }]),
      [
        { id: 'stays', tool: 'leak', args: { how: 'undo' } },
        { id: 'fails', tool: 'leak', args: { how: 'refuse' } },
      ],
    ]
    const submitted = await Promise.all(
      plans.map((steps) =>
        desk.agent.post('/v1/actions', { plan: { steps }, context: { request_id: randomUUID(), ticket_id: 'zd_1' } }),
      ),
    )
    // What could not be undone is left so by whoever answers for the tool.
    const stays = submitted.at(-1)?.body.id
    const asked = () =>
      desk.rows<{ id: string }>("select id from attentions where action_id = $1 and reason = 'not-undone'", [stays])
    await until('it could not be undone', async () => (await asked()).length > 0)
    await desk.resolve((await asked())[0]?.id ?? '', 'ann', 'leave')
    const unconfirmed = (id: string) => until('it was looked at', async () => (await looksOf(id)) > 0)
    const settled = submitted.map(async ({ body }, index) => {
      if (index !== cannotBeLookedAt) return desk.agent.ended(body.id)
      await unconfirmed(body.id)
      return (await desk.agent.get(`/v1/actions/${body.id}`)).body
    })
    actions.push(...(await Promise.all(settled)))
  })

  afterAll(async () => {
    await desk?.close()
    await echo?.close()
    await issuer?.close()
  })

  /** Every secret there was: fixed ones, leased ones, and what they were leased with. */
  const secrets = (): Secrets =>
    secretsOf([...Object.values(fixed), issuer.client.secret, ...[...echo.heard.values()].flat(2)])

  const expectNone = (texts: Readonly<Record<string, string>>) => {
    const known = secrets()
    for (const [where, text] of Object.entries(texts)) {
      expect(text.length, where).toBeGreaterThan(0)
      expect(known.areIn(text), where).toBe(false)
    }
  }

  test('were given all four, in calls, looks and undos, and leased ones anew each time', () => {
    expect([...echo.heard.keys()].sort()).toEqual(['compensate', 'execute', 'verify'])
    const given = [...echo.heard.values()].flat()
    for (const each of given)
      expect(each).toEqual([fixed.env, fixed.file, expect.any(String), expect.stringMatching(/^postgres:/)])
    for (const leased of [2, 3]) expect(new Set(given.map((each) => each[leased])).size).toBe(given.length)
    // So that the searches below are known to find what they look for.
    expect(secrets().areIn(JSON.stringify(given))).toBe(true)
  })

  test('end as what is known of their effect, and what they returned is kept nowhere', () => {
    const stepOf = (index: number) => actions[index]?.steps[0]
    expect(actions.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
      null,
      'failed',
      'failed',
      'needs-attention',
    ])
    for (const returned of [2, 3, 4, 6]) expect(stepOf(returned)?.output).toBeNull()
  })

  test('leave no secret in the ledger', async () => {
    const tables = await desk.rows<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    const dump: string[] = []
    for (const { name } of tables) {
      const [row] = await desk.rows<{ text: string }>(`select string_agg(t::text, E'\\n') as text from ${name} t`)
      dump.push(`${name}: ${row?.text}`)
    }
    expect(dump.join('\n')).toContain('[secret]')
    expect(dump.join('\n')).toContain('EXQ-5010')
    expectNone({ ledger: dump.join('\n') })
  })

  test('leave no secret in a history', async () => {
    for (const { id } of actions) {
      const history = JSON.stringify(await desk.cli.history(`acme/${id}`))
      const exported = JSON.stringify((await desk.agent.get(`/v1/actions/${id}/history`)).body)
      expectNone({ history, exported })
    }
  })

  test('leave no secret in a log', async () => {
    const folder = join(resolve(process.env.EXEQUATUR_HOME || '.exequatur'), 'test', 'credentials', 'logs')
    const logs = (await readdir(folder)).filter((file) => file.endsWith('.log'))
    expect(logs).toEqual(expect.arrayContaining(['executor.log', 'server.log']))
    for (const file of logs) expectNone({ [file]: `${file}: ${await readFile(join(folder, file), 'utf8')}` })
  })

  test('show no secret on any surface', async () => {
    const env = { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: desk.dev.tokens.agents.support_refunds_v2 ?? '' }
    for (const { id } of actions) {
      for (const path of [`/v1/actions/${id}`, `/v1/actions/${id}/trail`, '/v1/actions'])
        expectNone({ [path]: JSON.stringify((await desk.agent.get(path)).body) })
      for (const argv of [['get', id], ['trail', id], ['trail', id, '-o', 'json'], ['list']]) {
        const { stdout, stderr } = await exq(argv, { env })
        expectNone({ [argv.join(' ')]: stdout + stderr })
      }
    }
  })

  test('had leases that are recorded, each ended, and no role is left', async () => {
    const eachEnded = async () => {
      const uses = [...echo.heard.values()].flat()
      const leases = await desk.rows<{ source: string; state: string; n: number }>(
        'select source, state, count(*)::int as n from leases group by 1, 2 order by 1, 2',
      )
      expect(leases).toEqual(
        ['oauth-client-credentials', 'postgres-role'].flatMap((source) =>
          ['leased', 'revoked'].map((state) => ({ source, state, n: uses.length })),
        ),
      )
      expect(await desk.rows(`select rolname from pg_roles where starts_with(rolname, 'exq_lease_')`)).toEqual([])
      for (const given of uses) expect(await issuer.isActive(given[2] as string)).toBe(false)
    }
    // What is not confirmed is looked at further: all of it holds between two looks.
    await vi.waitFor(eachEnded, { timeout: 60_000, interval: 200 })
  })

  test('have leases that their trail tells of', async () => {
    const { body } = await desk.agent.get<{ entries: { what: string; facts: unknown }[] }>(
      `/v1/actions/${actions[2]?.id}/trail`,
    )
    const told = body.entries.filter(({ what }) => what.startsWith('credential from_postgres'))
    expect(told.map(({ what }) => what)).toEqual([
      'credential from_postgres leased, for attempt 1 to execute one',
      'credential from_postgres revoked, for attempt 1 to execute one',
      'credential from_postgres leased, to verify execute one',
      'credential from_postgres revoked, to verify execute one',
    ])
    expect(told[0]?.facts).toMatchObject({ source: 'postgres-role', lease_id: expect.stringMatching(/^exq_lease_/) })
  })

  test('had none before their attempt was written', async () => {
    const early = await desk.rows(
      `select l.* from leases l join attempts a using (tenant, action_id, step, phase, generation, attempt)
       where l.recorded_at <= a.attempted_at`,
    )
    expect(early).toEqual([])
    const [verified] = await desk.rows<{ n: number }>(`select count(*)::int as n from leases where purpose = 'verify'`)
    expect(verified?.n).toBeGreaterThan(0)
  })
})
