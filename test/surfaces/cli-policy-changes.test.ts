import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyChangeShape, policySetShape } from '../../src/http/policy-schemas.js'
import { type ApiServer, problem, startApi } from './cli-api-server.js'

const id = 'chg_2b7q3m5x6z4n2b7q3m5x6z4n2b'
const change = policyChangeShape.strict().parse({
  id,
  state: 'waiting',
  author: 'person:ann',
  note: 'Spring \u202esale',
  loosens: true,
  reasons: ['forbid refund-ceiling is changed'],
  people: 2,
  group: 'policy',
  agreements: [
    { person: 'person:ann', vote: 'agree', reason: '', at: '2026-06-17T10:00:00Z', counts: true },
    { person: 'person:omar', vote: 'agree', reason: 'ok', at: '2026-06-17T10:01:00Z', counts: false },
  ],
  base_digest: 'sha256:1',
  digest: 'sha256:2',
  proposed_at: '2026-06-17T10:00:00Z',
  differences: [{ id: 'refund-ceiling', text_before: 'forbid\n(old);', text_after: 'forbid (new);' }],
})
const set = policySetShape.strict().parse({
  revision: 2,
  digest: `sha256:${'a'.repeat(64)}`,
  author: 'person:ann',
  agreed_by: ['person:ann', 'person:fred'],
  change_id: id,
  from: '2026-06-17T10:00:00Z',
  until: '2026-06-17T11:30:05Z',
})

let api: ApiServer
beforeAll(async () => {
  api = await startApi({
    'POST /v1/policy/changes': change,
    'GET /v1/policy/changes': { items: [change], next: null },
    [`GET /v1/policy/changes/${id}`]: change,
    [`POST /v1/policy/changes/${id}/agreements`]: { ...change, state: 'agreed' },
    'GET /v1/policy/sets': { items: [{ ...set, revision: 3, until: null }, set], next: null },
    'GET /v1/policy/changes/chg_x': problem('EXQ-3012', 'chg_x'),
  })
})
afterAll(() => api.close())

describe('exq policy', () => {
  test('propose sends all files of the configuration, the default pack too, and says who has to agree', async () => {
    const config = fileURLToPath(new URL('../../examples/refund-desk/exequatur.config.ts', import.meta.url))
    const { code, stdout, stderr } = await api.run(['policy', 'propose', '--config', config, '--note', 'Spring'])
    expect(code).toBe(0)
    const sent = api.received.at(-1)?.body as { policies: object; note: string }
    expect(Object.keys(sent.policies)).toEqual(expect.arrayContaining(['default-pack.cedar', 'refunds.cedar']))
    expect(sent.note).toBe('Spring')
    expect(stdout).toContain('loosens, so 2 of policy have to agree:\n    forbid refund-ceiling is changed')
    expect(stderr).toBe(`It waits for 1 more of policy: \`exq policy agree ${id}\` or \`exq policy object ${id}\`.\n`)
  })

  test('propose wants to know what for', async () => {
    expect(await api.run(['policy', 'propose'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('changes lists them, and shows one as it was and as it would be', async () => {
    const list = await api.run(['policy', 'changes'])
    expect(list.stdout).toMatch(/CHANGE .*\nchg_\S+ {2}waiting {2}1\/2 {5}person:ann/)
    expect(list.stdout).toContain('Spring \\u{202e}sale')
    const { stdout } = await api.run(['policy', 'changes', id])
    expect(stdout).toContain('  - forbid\n  - (old);\n  + forbid (new);')
    expect(stdout).toContain('agree by person:omar, 2026-06-17T10:01:00Z: ok (does not count: no longer of the group)')
    expect(JSON.parse((await api.run(['policy', 'changes', id, '-o', 'json'])).stdout)).toEqual(change)
  })

  test('changes of an unknown one tells where to look', async () => {
    const { code, stderr } = await api.run(['policy', 'changes', 'chg_x'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EXQ-3012 .*\nNext: List them: `exq policy changes`\.\n$/)
  })

  test.each(['agree', 'object'] as const)('%s shows the change first, and sends the reason', async (vote) => {
    const { code, stdout, stderr } = await api.run(['policy', vote, id, '--reason', 'seen'])
    expect(code).toBe(0)
    expect(stderr).toContain('forbid refund-ceiling is changed')
    expect(api.received.at(-1)?.body).toEqual({ vote, reason: 'seen' })
    expect(stdout).toBe(`${vote} recorded on ${id}: agreed\n`)
  })

  test('log lists the sets that were in force, and how long each was', async () => {
    const { stdout } = await api.run(['policy', 'log'])
    expect(stdout).toMatch(/\n3 .* in force\n2 .*person:ann, person:fred .* 1 h 30 min\n$/)
  })
})
