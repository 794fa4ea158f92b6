import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { requireObserved } from '../../src/contract/require-observed.js'
import { declare, getInvoice, smallestRead, smallestWrite } from '../_util/contracts.js'

const observing = { observe: { tool: 'get_invoice', args: {} } }
const counted = { input: z.strictObject({ thing: z.string(), cents: z.int(), maybe: z.int().nullable().optional() }) }

const complaintOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toMatchObject({ name: 'ExequaturError', code: 'EXQ-7005' })
    return (error as Error).message
  }
  return 'nothing'
}

describe('a tool is refused', () => {
  test.each<[why: string, changes: object, complaint: string]>([
    ['whose summary names no argument', { summary: 'Touch {/args/other}' }, '/args/other leads nowhere'],
    ['whose summary names all arguments', { summary: 'Touch {/args}' }, '/args leads nowhere'],
    ['whose summary names another document', { summary: 'Touch {/output/id}' }, '/output/id is not /args/<field>'],
    ['whose summary has no pointer', { summary: 'Touch {thing}' }, 'thing is not /args/<field>'],
    ['whose summary is of what nobody observes', { summary: 'Touch {/observed/a}' }, 'needs observe'],
    ['whose summary makes money of text', { summary: 'Pay {/args/thing|usd}' }, 'no whole number of hundredths'],
    ['whose summary has an open brace', { summary: 'Touch { {/args/thing}' }, 'a brace that is no place'],
    ['whose summary has a strange form', { summary: 'Touch {/args/thing|shout}' }, 'a brace that is no place'],
    ['whose summary has two lines', { summary: 'Touch\nit' }, 'the summary is one line'],
    ['whose summary hides something', { summary: 'Touch\u200b it' }, 'the summary is one line'],
    ['whose summary goes on for ever', { summary: 'x'.repeat(201) }, 'the summary is one line of 200'],
    ['that shows nothing of something', { shows: [{ label: 'Thing' }] }, 'takes before, after, or both'],
    [
      'that shows what is not there',
      { shows: [{ label: 'Thing', after: '/args/other' }] },
      '/args/other leads nowhere',
    ],
    ['that shows what nobody observes', { shows: [{ label: 'Thing', before: '/observed/a' }] }, 'needs observe'],
    ['that shows text as money', { shows: [{ label: 'T', after: '/args/thing', currency: 'usd' }] }, 'no whole number'],
    ['that shows no currency', { shows: [{ label: 'T', after: '/args/thing', currency: 'dollar' }] }, 'is like usd'],
    ['that shows more than there is', { shows: [{ label: 'T', after: '/args/thing', or: 1 }] }, 'takes label, before'],
    ['that shows a line break', { shows: [{ label: 'T\n', after: '/args/thing' }] }, 'a label is one line'],
  ])('%s', (_, changes, complaint) => {
    expect(complaintOf(() => declare(smallestWrite, changes))).toContain(complaint)
  })

  test('that only reads, but shows a change', () => {
    const shows = [{ label: 'Thing', after: '/args/thing' }]
    expect(complaintOf(() => declare(smallestRead, { shows }))).toContain('has nothing to show as changed')
  })
})

describe('a contract', () => {
  test('carries what is declared, and nothing where nothing is: its digest stays', () => {
    const summary = 'Pay {/args/cents|usd}, or {/args/maybe|eur}, to {/args/thing}'
    const shows = [{ label: 'Cents', after: '/args/cents', currency: 'usd' }]
    expect(declare(smallestWrite, { ...counted, summary, shows }).contract).toMatchObject({ summary, shows })
    const plain = declare(smallestWrite, {})
    expect(plain.contract).not.toHaveProperty('summary')
    expect(plain.contract).not.toHaveProperty('shows')
    expect(declare(smallestWrite, { shows: [] }).digest).toBe(plain.digest)
  })
})

describe('the tools of a configuration', () => {
  const observed = (changes: object) => declare({ ...smallestWrite, ...observing }, changes)

  test('may tell what the observing tool gives', () => {
    requireObserved([getInvoice, observed({ summary: 'Of {/observed/refundable_cents|usd}, {/observed/note}' })])
    requireObserved([getInvoice, observed({ shows: [{ label: 'Left', before: '/observed/refundable_cents' }] })])
  })

  test.each<[why: string, changes: object, complaint: string]>([
    ['what it does not give', { summary: 'Of {/observed/paid}' }, '/observed/paid leads nowhere'],
    ['text as money', { summary: 'Of {/observed/currency|usd}' }, 'no whole number of hundredths'],
    [
      'a change of what it does not give',
      { shows: [{ label: 'P', before: '/observed/paid' }] },
      '/observed/paid leads',
    ],
  ])('may not tell %s', (_, changes, complaint) => {
    expect(complaintOf(() => requireObserved([getInvoice, observed(changes)]))).toContain(complaint)
  })
})
