import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Call, ExecutorDeps } from '../../activities/call.js'
import { presentMoment } from '../../activities/elapsed.js'
import { callTool } from '../../activities/tool-call.js'
import type { CredentialSource, Lease, LeaseRequest } from '../../src/contract/credential-source.js'
import { defineTool } from '../../src/contract/define-tool.js'
import { leaseRefused } from '../../src/contract/lease-refused.js'
import type { CredentialReference, ToolCall } from '../../src/contract/tool.js'
import type { ActionRequest } from '../../src/domain/request.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { intentFor, newAction, newTenant } from '../_util/ledger-rows.js'

const secret = 'canary-of-a-third-party'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** A source as an adopter might write one; it notes what happens to its leases. */
function thirdParty(changes: Partial<Lease> = {}): CredentialSource & { asked: LeaseRequest[]; revoked: string[] } {
  const asked: LeaseRequest[] = []
  const revoked: string[] = []
  return {
    kind: 'third-party',
    asked,
    revoked,
    lease: async (request) => {
      asked.push(request)
      const lease_id = `lease/${asked.length}`
      const revoke = async () => {
        revoked.push(lease_id)
      }
      return { lease_id, secret, expires_at: new Date(Date.now() + request.ttl_ms), revoke, ...changes }
    },
  }
}

/** One authorised attempt of a tool with these credentials, and what the ledger holds of it afterwards. */
async function attemptWith(
  credentials: Record<string, CredentialReference | CredentialSource>,
  execute: (call: ToolCall) => Promise<{ said: string }> = async () => ({ said: 'done' }),
  callTimeout: '300ms' | '10s' = '10s',
) {
  const common = {
    name: 'say',
    version: 1,
    owner: 'person:ann',
    risk: 'low',
    title: 'Say',
    description: 'Says.',
  } as const
  const tool = defineTool({
    ...common,
    effect: 'none',
    input: z.strictObject({ word: z.string() }),
    output: z.strictObject({ said: z.string() }),
    resource: { type: 'Word', id: '/args/word' },
    downstream: { class: 'read', callTimeout },
    credentials,
    execute: (_args, call) => execute(call),
  })
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  await recordIntent(database.executorPool, await intentFor(database.serverPool, ref, { args: { word: 'hello' } }))
  const warned: unknown[] = []
  const deps = {
    pool: database.executorPool,
    deployment: 'test',
    tools: new Map([[tool.digest, tool]]),
    warn: (...said: unknown[]) => warned.push(said),
  } as unknown as ExecutorDeps
  const call = {
    ref: { ...ref, step: 'step1', phase: 'execute', generation: 0 },
    key: 'key',
    contract: { contract: tool.contract, digest: tool.digest },
    args: { word: 'hello' },
    undo: false,
    undoes: null,
  } as unknown as Call
  const request = { tenant: ref.tenant, agent: 'agent:desk', on_behalf_of: 'person:jo' } as unknown as ActionRequest
  const outcome = await callTool(deps, call, { attempt: 1, startedAt: presentMoment(), request })
  return { outcome, warned, leases: await leasesOf(ref.tenant), written: await everything(ref.tenant) }
}

async function leasesOf(tenant: string): Promise<Record<string, unknown>[]> {
  const { rows } = await database.readerPool
    .of(tenant)
    .query('select name, lease_id, state, purpose, source from leases order by recorded_at, state')
  return rows
}

const everything = async (tenant: string) =>
  JSON.stringify(
    (await database.readerPool.of(tenant).query('select l, o from leases l full join outcomes o on true')).rows,
  )

const fact = (state: string, lease_id = 'lease/1') => ({
  name: 'key',
  lease_id,
  state,
  purpose: 'call',
  source: 'third-party',
})

describe('a lease', () => {
  test('is had after the attempt was written, recorded before the call, and ended after it', async () => {
    const source = thirdParty()
    const seen: unknown[] = []
    const { outcome, leases } = await attemptWith({ key: source }, async ({ credentials, tenant }) => {
      seen.push(credentials.key, source.revoked.length, await leasesOf(tenant))
      return { said: 'done' }
    })
    expect(outcome?.effect).toBe('committed')
    expect(seen).toEqual([secret, 0, [fact('leased')]])
    expect(leases).toEqual([fact('leased'), fact('revoked')])
    expect(source.revoked).toEqual(['lease/1'])
  })

  test('is asked for with the call it is for, and for no longer than that', async () => {
    const source = thirdParty()
    await attemptWith({ key: source })
    expect(source.asked[0]).toMatchObject({
      tool: 'say',
      credential: 'key',
      step: 'step1',
      phase: 'execute',
      attempt: 1,
      agent: 'agent:desk',
      on_behalf_of: 'person:jo',
      scope: 'read',
    })
    expect(source.asked[0]?.ttl_ms).toBeLessThanOrEqual(10_000)
  })

  test('of a fixed secret is not written down: the name stands in the contract, the time in the attempt', async () => {
    process.env.LEASES_TEST = 'canary-of-the-environment'
    const { outcome, leases } = await attemptWith({ key: 'env:LEASES_TEST' }, async ({ credentials }) => ({
      said: String(credentials.key === 'canary-of-the-environment'),
    }))
    expect(outcome?.output).toEqual({ said: 'true' })
    expect(leases).toEqual([])
  })
})

describe('where there is no lease', () => {
  const never = async (): Promise<never> => {
    throw new Error('called without its credentials')
  }
  const refusing = (error: unknown): CredentialSource => ({
    kind: 'third-party',
    lease: () => Promise.reject(error),
  })

  test.each<[string, unknown, string]>([
    [
      'a refusal that says why',
      leaseRefused('the vault is sealed'),
      'the credential key cannot be had: the vault is sealed',
    ],
    ['an error of the provider', new Error(`no lease for ${secret}`), 'the credential key cannot be had'],
    ['anything thrown', { secret }, 'the credential key cannot be had'],
  ])('nothing is called, and no text of a provider is kept: %s', async (_what, error, detail) => {
    const { outcome, written } = await attemptWith({ key: refusing(error) }, never)
    expect(outcome).toMatchObject({ effect: 'not-committed', output: null, error: { code: 'EXQ-5008', detail } })
    expect(written).not.toContain(secret)
  })

  test('those that were had are recorded and ended', async () => {
    const source = thirdParty()
    const { outcome, leases } = await attemptWith({ key: source, other: 'env:LEASES_NOT_THERE' }, never)
    expect(outcome?.error?.detail).toBe('the credential other cannot be had: env:LEASES_NOT_THERE holds nothing')
    expect(leases).toEqual([fact('leased'), fact('revoked')])
  })

  test('before the deadline, nothing is called, and what comes late is ended', async () => {
    const source = thirdParty()
    const slow: CredentialSource = {
      kind: 'third-party',
      lease: async (request) => {
        await new Promise((done) => request.signal.addEventListener('abort', done))
        return source.lease(request)
      },
    }
    const { outcome } = await attemptWith({ key: slow }, never, '300ms')
    expect(outcome).toMatchObject({
      effect: 'not-committed',
      error: { code: 'EXQ-5008', detail: 'the credential key cannot be had before the deadline of the call' },
    })
    await expect.poll(() => source.revoked).toEqual(['lease/1'])
  })

  test.each<[string, Partial<Lease>]>([
    ['an id that gives the secret away', { lease_id: `lease of ${secret}` }],
    ['an id that cannot be read', { lease_id: 'lease\n1' }],
    ['no secret', { secret: '' }],
  ])('because it is not fit to be recorded, it is ended: %s', async (_what, changes) => {
    const source = thirdParty(changes)
    const { outcome, written } = await attemptWith({ key: source }, never)
    expect(outcome).toMatchObject({ effect: 'not-committed', error: { code: 'EXQ-5008' } })
    expect(source.revoked).toEqual(['lease/1'])
    expect(written).not.toContain(secret)
  })
})

describe('a lease that cannot be ended', () => {
  test.each<[string, () => Promise<void>]>([
    ['the provider refuses', () => Promise.reject(new Error(`cannot revoke ${secret}`))],
    ['the provider does not answer', () => new Promise(() => undefined)],
  ])('is recorded and told, and changes nothing about the call: %s', async (_what, revoke) => {
    const { outcome, leases, warned, written } = await attemptWith({ key: thirdParty({ revoke }) })
    expect(outcome?.effect).toBe('committed')
    expect(leases).toEqual([fact('leased'), fact('revoke-failed')])
    expect(warned).toEqual([[expect.objectContaining({ lease_id: 'lease/1' }), 'a credential could not be revoked']])
    expect(JSON.stringify(warned) + written).not.toContain(secret)
  })
})

describe('a secret that a tool lets slip', () => {
  const base64 = Buffer.from(`desk:${secret}`).toString('base64')

  test.each(['as it is', 'encoded'])(
    'in its output: nothing of it is kept, and the effect is unknown (%s)',
    async (how) => {
      const said = how === 'encoded' ? `Basic ${base64}` : `with ${secret}`
      const { outcome, written } = await attemptWith({ key: thirdParty() }, async () => ({ said }))
      expect(outcome).toMatchObject({ effect: 'unknown', output: null, error: { code: 'EXQ-5010' } })
      expect(written).not.toContain(secret)
      expect(written).not.toContain(base64)
    },
  )

  test('in an error, is hidden, and so is what the source says goes with it', async () => {
    const { outcome, written } = await attemptWith({ key: thirdParty({ hide: ['canary-beside-it'] }) }, async () => {
      throw new Error(`401 for ${secret} (Basic ${base64}) and canary-beside-it`)
    })
    expect(outcome?.error).toMatchObject({
      code: 'EXQ-5002',
      detail: expect.stringMatching(/^401 for \[secret\] \(Basic /),
    })
    for (const leaked of [secret, base64.slice(8), 'canary-beside-it']) expect(written).not.toContain(leaked)
  })
})
