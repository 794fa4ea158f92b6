import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, effectLines, openDesk } from './desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk('tracker', { TRACKER_SEARCH_LAG_MS: '0' })
  await desk.seed({
    projects: [{ key: 'OPS', name: 'Operations' }],
    issues: [{ key: 'DESK-7', summary: 'Charged twice', labels: ['billing'], status: 'In Progress' }],
  })
})

afterEach(() => desk.clearFaults())

afterAll(() => desk.close())

const basic = (secret: string) => `Basic ${Buffer.from(secret).toString('base64')}`

/** What the tracker may answer with; each test asserts the part it is about. */
interface Answer {
  status: number
  body: { id: string; key: string; fields: object; issues: { key: string }[]; isLast: boolean; nextPageToken?: string }
}

async function ask(
  method: string,
  path: string,
  body?: object,
  secret = 'desk@example.com:tracker_token_refund_desk',
  patienceMs = 60_000,
) {
  const response = await fetch(`${desk.url}/rest/api/3${path}`, {
    method,
    headers: { authorization: basic(secret), 'content-type': 'application/json' },
    signal: AbortSignal.timeout(patienceMs),
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) } as Answer
}

const ticket = (summary: string, labels: string[] = [], project = 'DESK') => ({
  fields: { project: { key: project }, issuetype: { name: 'Task' }, summary, labels },
})

const search = (jql: string, more: object = {}) => ask('POST', '/search/jql', { jql, fields: ['summary'], ...more })

describe('the tracker answers as Jira does', () => {
  test('a ticket is created, looked at and deleted, one line in the ledger each', async () => {
    const created = await ask('POST', '/issue', ticket('Call back', ['exq-aaa'], 'OPS'))
    expect(created).toMatchObject({ status: 201, body: { key: 'OPS-1', id: expect.stringMatching(/^\d+$/) } })
    const seen = await ask('GET', '/issue/OPS-1')
    expect(seen.body.fields).toMatchObject({
      summary: 'Call back',
      labels: ['exq-aaa'],
      project: { key: 'OPS', name: 'Operations' },
      status: { name: 'To Do' },
    })
    expect((await ask('DELETE', '/issue/OPS-1')).status).toBe(204)
    expect((await ask('GET', '/issue/OPS-1')).status).toBe(404)
    expect((await ask('DELETE', '/issue/OPS-1')).status).toBe(404)
    const lines = effectLines(desk.ledger).filter((line) => line.project === 'OPS')
    expect(lines).toMatchObject([
      { effect: 'issue.created', id: 'OPS-1', summary: 'Call back', labels: ['exq-aaa'] },
      { effect: 'issue.deleted', id: 'OPS-1' },
    ])
  })

  test('there is no idempotency: what is sent twice is made twice, and found by its label', async () => {
    const body = ticket('Twice', ['exq-twice'])
    const first = await ask('POST', '/issue', body)
    const second = await ask('POST', '/issue', body)
    expect(first.body.key).not.toBe(second.body.key)
    const found = await search('project = DESK AND labels = "exq-twice" ORDER BY created ASC')
    expect(found.body.issues.map((issue) => issue.key)).toEqual([first.body.key, second.body.key])
    expect(await desk.effects({ 'labels[0]': 'exq-twice' })).toHaveLength(2)
  })

  test('a ticket is found by a property, which comes back when asked for', async () => {
    const properties = [{ key: 'exequatur', value: { action: 'act_9', step: 'step1' } }]
    const { body } = await ask('POST', '/issue', { ...ticket('With property'), properties })
    const found = await search('issue.property[exequatur].action = "act_9"', { properties: ['exequatur'] })
    expect(found.body).toMatchObject({
      isLast: true,
      issues: [{ key: body.key, fields: { summary: 'With property' }, properties: { exequatur: { step: 'step1' } } }],
    })
    expect((await search('issue.property[exequatur].action = act_8')).body.issues).toEqual([])
  })

  test('search gives pages, and ids only when no fields are named', async () => {
    const keys = []
    for (const summary of ['a', 'b', 'c']) {
      keys.push((await ask('POST', '/issue', ticket(summary, ['exq-pages']))).body.key)
    }
    const jql = 'labels in (exq-pages, "other")'
    const first = await search(jql, { maxResults: 2 })
    const second = await search(jql, { maxResults: 2, nextPageToken: first.body.nextPageToken })
    const found = [...first.body.issues, ...second.body.issues].map((issue) => issue.key)
    expect([first.body.isLast, second.body.isLast, found]).toEqual([false, true, keys.reverse()])
    expect(Object.keys((await ask('POST', '/search/jql', { jql })).body.issues[0] ?? {})).toEqual(['id'])
  })

  test('seeded tickets are there, and new keys go on from them', async () => {
    expect((await ask('GET', '/issue/DESK-7?fields=status')).body.fields).toEqual({ status: { name: 'In Progress' } })
    const { body } = await ask('POST', '/issue', ticket('Next'))
    expect(Number(body.key.split('-')[1])).toBeGreaterThan(7)
    expect(await desk.seed({ issues: [{ key: 'DESK-7', summary: 'Other' }] })).toEqual({ added: 0, present: 1 })
  })

  test('refusals name the fields, or say what is wrong with the query', async () => {
    expect(await ask('POST', '/issue', { fields: { labels: ['two words'], colour: 'red' } })).toMatchObject({
      status: 400,
      body: {
        errorMessages: [],
        errors: {
          project: expect.any(String),
          issuetype: expect.any(String),
          summary: expect.any(String),
          labels: expect.any(String),
          colour: expect.any(String),
        },
      },
    })
    for (const jql of [
      '',
      'ORDER BY created',
      'project = DESK OR labels = x',
      'labels ~ x',
      'color = red',
      'labels =',
    ]) {
      expect([jql, await search(jql)]).toMatchObject([
        jql,
        { status: 400, body: { errorMessages: [expect.any(String)] } },
      ])
    }
    expect((await ask('GET', '/issue/DESK-7', undefined, 'desk@example.com:wrong')).status).toBe(401)
  })
})

describe('the tracker fails as planned', () => {
  const modes = [
    { mode: 'refuse', effects: 0, answer: 403 },
    { mode: 'unavailable', effects: 0, answer: 503 },
    { mode: 'hang-before-applying', effects: 0, answer: 'none' },
    { mode: 'hang-after-applying', effects: 1, answer: 'none' },
    { mode: 'reset-after-applying', effects: 1, answer: 'none' },
    { mode: 'error-after-applying', effects: 1, answer: 500 },
  ]
  test.each(modes)('$mode: the effects are as planned, and so is the answer', async ({ mode, effects, answer }) => {
    const label = `exq-${mode}`
    await desk.plan({ match: 'POST /rest/api/3/issue', mode, times: 1, where: { 'fields[labels][0]': label } })
    expect((await ask('POST', '/issue', ticket('Spared', ['exq-spared']))).status).toBe(201)
    const patienceMs = mode.startsWith('hang') ? 2_000 : undefined
    const got = await ask('POST', '/issue', ticket('Hit', [label]), undefined, patienceMs).then(
      ({ status }) => status,
      () => 'none',
    )
    expect(got).toBe(answer)
    expect(await desk.effects({ 'labels[0]': label })).toHaveLength(effects)
    expect((await search(`project = DESK AND labels = "${label}"`)).body.issues).toHaveLength(effects)
  })
})

describe('the tracker survives being killed', () => {
  test('tickets, their numbers and the count of effects are the same after a kill', async () => {
    const kept = (await ask('POST', '/issue', ticket('Kept', ['exq-kept']))).body.key
    const gone = (await ask('POST', '/issue', ticket('Gone'))).body.key
    await ask('DELETE', `/issue/${gone}`)
    const effects = await desk.effects()

    await desk.killAndRestart()

    expect(await desk.effects()).toEqual(effects)
    expect((await search('labels = exq-kept')).body.issues).toMatchObject([{ key: kept }])
    const next = (await ask('POST', '/issue', ticket('Next'))).body.key
    expect(Number(next.split('-')[1])).toBe(Number(gone.split('-')[1]) + 1)
  })
})

describe('search that lags behind', () => {
  test('a fresh ticket is found only some time later, unless it is named', async () => {
    const slow = await openDesk('tracker', { TRACKER_SEARCH_LAG_MS: '60000' })
    const usual = desk
    desk = slow
    try {
      const { body } = await ask('POST', '/issue', ticket('Fresh', ['exq-fresh']))
      expect((await ask('GET', `/issue/${body.key}`)).status).toBe(200)
      expect((await search('labels = exq-fresh')).body.issues).toEqual([])
      const named = await search('labels = exq-fresh', { reconcileIssues: [Number(body.id)] })
      expect(named.body.issues).toMatchObject([{ key: body.key }])
    } finally {
      desk = usual
      await slow.close()
    }
  })
})
