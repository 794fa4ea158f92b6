import pc from 'picocolors'
import { expect, test } from 'vitest'
import { renderAction } from '../../src/cli/show-action.js'
import { viewMoved } from '../../src/control-plane/moved-view.js'
import type { ActionRecord } from '../../src/ledger/action-record.js'
import { getInvoice, registered } from '../_util/contracts.js'
import { action } from '../surfaces/cli-samples.js'

const at = '2026-06-18T10:00:00.000Z'
const changes = [
  { pointer: '/observed/refundable_cents', before: 90_000, after: 40_000 },
  { pointer: '/args/amount_cents', before: { $from: 'a.b' }, after: 7 },
]
const record = {
  contracts: { 'step1/observe': { tool: 'get_invoice', version: 1, digest: 'sha256:o' } },
  decisions: [
    { step: 'step1', stage: 'policy', moved: null, decided_at: at },
    { step: 'step1', stage: 'intent', moved: changes, decided_at: at },
  ],
} as unknown as ActionRecord
const observing = (views?: object) => ({
  contractByDigest: () => registered(getInvoice, 'live', null, views ? { views: views as never } : {}),
})

test('what moved is shown with both values', () => {
  expect(viewMoved(record, observing())).toEqual([{ step: 'step1', changes, at }])
})

test('of an observation with views, which field moved is shown, and no value', () => {
  const hidden = [{ pointer: '/observed/refundable_cents' }, changes[1]]
  expect(viewMoved(record, observing({ desk: { fields: ['/currency'] } }))).toEqual([
    { step: 'step1', changes: hidden, at },
  ])
})

test('the command line shows it in one line each', () => {
  const shown = renderAction(action({ moved: viewMoved(record, observing()) }), pc.createColors(false))
  expect(shown).toMatch(/changed +step1, \/observed\/refundable_cents 90000 -> 40000\n/)
  const hidden = viewMoved(record, observing({ desk: { fields: ['/currency'] } }))
  expect(renderAction(action({ moved: hidden }), pc.createColors(false))).not.toContain('90000')
})
