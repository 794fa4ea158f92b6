import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { defineTool } from '../../src/contract/define-tool.js'
import { isNotCommitted, notCommitted } from '../../src/contract/not-committed.js'
import type { Tool } from '../../src/contract/tool.js'
import { digest } from '../../src/digest.js'
import { promiseFor } from '../../src/domain/execution.js'
import { declare, refundInvoice, sampleCall, smallestRead, smallestWrite } from '../_util/contracts.js'

describe('a declared tool', () => {
  test('has a contract that is plain data, known by its digest', () => {
    expect(JSON.parse(JSON.stringify(refundInvoice.contract))).toEqual(refundInvoice.contract)
    expect(refundInvoice.digest).toBe(digest(refundInvoice.contract))
  })

  test('names its credentials in the contract, but not where they come from', () => {
    expect(refundInvoice.contract.credentials).toEqual(['billing'])
    expect(refundInvoice.credentials).toEqual({ billing: 'env:BILLING_KEY' })
    expect(JSON.stringify(refundInvoice.contract)).not.toContain('BILLING_KEY')
  })

  test('has durations in milliseconds', () => {
    expect(refundInvoice.contract.downstream).toEqual({
      class: 'idempotent-by-key',
      key_lifetime_ms: 86_400_000,
      call_timeout_ms: 10_000,
    })
  })

  test('has defaults for what its author leaves out', () => {
    expect(declare(smallestRead).contract).toMatchObject({
      approvers: [],
      binding: [],
      fill: {},
      late: [],
      pool: 'default',
      credentials: [],
      downstream: { class: 'read', call_timeout_ms: 10_000 },
    })
  })

  test('promises about its undoing what it promises about its calls, or something of its own', () => {
    expect(promiseFor(refundInvoice.contract, 'compensate')).toBe(refundInvoice.contract.downstream)
    const { contract } = declare(smallestWrite, { undo: { class: 'neither', callTimeout: '1s' } })
    expect(promiseFor(contract, 'compensate')).toEqual({ class: 'neither', call_timeout_ms: 1_000 })
    expect(promiseFor(contract, 'execute')).toEqual({ class: 'queryable', call_timeout_ms: 10_000 })
    expect('undo' in declare(smallestWrite).contract).toBe(false)
  })

  test('keeps its digest whatever code it runs, and changes it with every word of the contract', () => {
    expect(declare(smallestRead, { execute: async () => ({ other: 'code' }) }).digest).toBe(
      declare(smallestRead).digest,
    )
    expect(declare(smallestRead, { deprecated: 'use version 2' }).digest).toBe(declare(smallestRead).digest)
    for (const change of [{ version: 2 }, { title: 'Other' }, { risk: 'medium' }, { pool: 'other' }]) {
      expect(declare(smallestRead, change).digest).not.toBe(declare(smallestRead).digest)
    }
  })

  test('parses with the schemas of its author', () => {
    expect(refundInvoice.parseArgs({ invoice_id: 'in_1', reason_code: 'goodwill' })).toEqual({
      invoice_id: 'in_1',
      reason_code: 'goodwill',
    })
    expect(() => refundInvoice.parseArgs({ invoice_id: 'in_1', reason_code: 'x' })).toThrow()
    expect(() => refundInvoice.parseOutput({ refund_id: 're_1' })).toThrow()
  })

  test('runs on nothing but the arguments that were decided on, even where its schema rewrites them', () => {
    const tool = declare(smallestRead, { input: z.strictObject({ thing: z.url() }) })
    expect(tool.parseArgs({ thing: 'https://a.example/x' })).toEqual({ thing: 'https://a.example/x' })
    expect(() => tool.parseArgs({ thing: ' https://a.example/x' })).toThrow(
      expect.objectContaining({ name: 'NotCommitted' }),
    )
  })

  test('hands arguments and output to the code of its author', async () => {
    const seen: unknown[] = []
    const tool = declare(smallestWrite, {
      execute: async (args: unknown) => ({ args }),
      verify: async (args: unknown, output: unknown) => {
        seen.push(args, output)
        return 'unknown'
      },
    })
    expect(await tool.execute({ thing: 'a' }, sampleCall())).toEqual({ args: { thing: 'a' } })
    expect(await tool.verify?.({ thing: 'a' }, null, sampleCall())).toBe('unknown')
    expect(seen).toEqual([{ thing: 'a' }, null])
  })

  test('has neither verify nor compensate where it only reads', () => {
    expect(declare(smallestRead)).toMatchObject({ verify: null, compensate: null, effect: 'none' })
  })
})

describe('the effect of a tool decides its shape', () => {
  const { verify, compensate, effect: _, ...rest } = smallestWrite
  const base = { ...rest, downstream: { class: 'queryable' } } as const

  test('a read takes neither verify nor compensate', () => {
    // @ts-expect-error a read has nothing to verify
    void (() => defineTool({ ...smallestRead, verify }))
    // @ts-expect-error a read has nothing to undo
    void (() => defineTool({ ...smallestRead, compensate }))
    expectTypeOf(defineTool(smallestRead)).toEqualTypeOf<Tool>()
  })

  test('a reversible tool needs both', () => {
    // @ts-expect-error compensate is missing
    void (() => defineTool({ ...base, effect: 'reversible', verify }))
    // @ts-expect-error verify is missing
    void (() => defineTool({ ...base, effect: 'reversible', compensate }))
    expectTypeOf(defineTool({ ...base, effect: 'reversible', verify, compensate })).toEqualTypeOf<Tool>()
  })

  test('an irreversible tool needs verify and may not compensate', () => {
    // @ts-expect-error verify is missing
    void (() => defineTool({ ...base, effect: 'irreversible' }))
    // @ts-expect-error what cannot be undone has no undo
    void (() => defineTool({ ...base, effect: 'irreversible', verify, compensate }))
    // @ts-expect-error nor anything to verify of it
    void (() => defineTool({ ...base, effect: 'irreversible', verify, verifyCompensation: verify }))
    expectTypeOf(defineTool({ ...base, effect: 'irreversible', verify })).toEqualTypeOf<Tool>()
  })

  test('execute takes the parsed arguments and returns the declared output', () => {
    void (() =>
      defineTool({
        ...smallestRead,
        output: z.strictObject({ size: z.int() }),
        // @ts-expect-error the output has no size
        execute: async () => ({}),
      }))
    defineTool({
      ...smallestRead,
      execute: async (args) => {
        expectTypeOf(args).toEqualTypeOf<{ thing: string }>()
        return {}
      },
    })
  })

  test('an owner is a person, a credential a reference, a duration has a unit', () => {
    // @ts-expect-error not a person
    void (() => defineTool({ ...smallestRead, owner: 'ann' }))
    // @ts-expect-error a literal secret
    void (() => defineTool({ ...smallestRead, credentials: { key: 'sk_live_1' } }))
    // @ts-expect-error no unit
    void (() => defineTool({ ...smallestRead, downstream: { class: 'read', callTimeout: '10' } }))
  })
})

test('a definite no is known by its name, so that it survives copies of the module', () => {
  expect(isNotCommitted(notCommitted('the card was declined'))).toBe(true)
  expect(isNotCommitted(Object.assign(new Error('no'), { name: 'NotCommitted' }))).toBe(true)
  expect(isNotCommitted(new Error('timeout'))).toBe(false)
  expect(isNotCommitted({ name: 'NotCommitted' })).toBe(false)
})
