import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parsePolicyCases, readPolicyCases } from '../../src/policy/policy-case-files.js'
import { runPolicyCases } from '../../src/policy/policy-cases.js'
import { addNote, getInvoice, refundInvoice } from '../_util/contracts.js'

const files = {
  'desk.cedar': `
    @id("desk") permit (principal == Agent::"desk", action, resource);
    @id("undo") permit (principal == Service::"compensator", action in Action::"compensate", resource);
    @id("over-500") @require("finance:1") @say("Over 500 takes finance.")
    forbid (principal, action == Action::"refund_invoice", resource)
    when { context.args.amount_cents > 50000 } unless { context.approvals.finance >= 1 };`,
}
const contracts = [getInvoice, refundInvoice, addNote].map(({ contract }) => contract)
const given = `
given:
  principal: { id: agent:desk }
  tool: refund_invoice
  args: { invoice_id: in_1, reason_code: goodwill, amount_cents: 60000 }
`

/** Runs one case laid over a held refund of 600.00; what is wrong with it. */
function problemsOf(text: string): readonly string[] {
  const cases = parsePolicyCases({ 'one.yaml': `about: one case\n${given}\ncases:\n  - description: it\n${text}` })
  return runPolicyCases({ files, contracts, groups: ['finance', 'support'], cases })[0]?.problems ?? ['no result']
}

describe('a policy case', () => {
  test('passes where the policy answers as expected', () => {
    const expectation = '{ result: require-approval, policies: [over-500], requirements: { finance: 1 } }'
    expect(problemsOf(`    expect: ${expectation}`)).toEqual([])
  })

  test('may ask about undoing', () => {
    const undo = 'principal: { id: service:compensator }\n    tool: refund_invoice/compensate'
    expect(problemsOf(`    ${undo}\n    expect: { result: allow, policies: [undo] }`)).toEqual([])
  })

  test('may leave a late argument out', () => {
    const cases = parsePolicyCases({
      'late.yaml': `
about: a note about a refund that is yet to be made
cases:
  - description: it
    principal: { id: agent:desk }
    tool: add_note
    args: { ticket: zd_1, text: refunded }
    expect: { result: allow }`,
    })
    expect(runPolicyCases({ files, contracts, groups: ['finance'], cases })).toMatchObject([{ passed: true }])
  })

  test('says what the policy decided instead, and why', () => {
    expect(problemsOf('    expect: { result: allow, policies: [desk] }')).toEqual([
      'expected allow, but the policy says require-approval: Over 500 takes finance.',
      'expected desk to decide, but it was over-500',
    ])
  })

  test('says what is needed instead, and what the explanation is', () => {
    const expectation = '{ result: require-approval, requirements: { support: 2 }, explanation_contains: dollars }'
    expect(problemsOf(`    expect: ${expectation}`)).toEqual([
      'expected to need support 2, but it is finance 1',
      'expected the explanation to contain "dollars", but it is "Over 500 takes finance."',
    ])
  })

  test.each([
    ['an unknown tool', 'tool: fly', 'there is no tool fly; there are get_invoice, refund_invoice, add_note'],
    ['an argument the tool does not have', 'args: { amount: 1 }', 'args/amount: there is no argument amount'],
    ['an impossible argument', 'args: { amount_cents: -1 }', 'args/amount_cents: must be > 0'],
    ['facts the observation cannot give', 'observed: { currency: usd }', 'observed/refundable_cents'],
    ['an unknown group of approvers', 'approvals: { fnance: 1 }', 'approvals: there is no group fnance'],
    ['an unknown group of the agent', 'principal: { groups: [desk] }', 'principal: there is no group desk'],
    ['undoing a read', 'tool: get_invoice/compensate', 'get_invoice cannot be undone'],
  ])('fails for %s, even where it expects a denial', (_, text, problem) => {
    expect(problemsOf(`    ${text}\n    expect: { result: deny }`).join()).toContain(problem)
  })

  test('is about the newest version of a tool', () => {
    const cases = parsePolicyCases({
      'one.yaml': `about: one\n${given}\ncases: [{ description: it, expect: { result: allow } }]`,
    })
    const [older] = contracts.slice(1, 2).map((contract) => ({ ...contract, version: 0, approvers: [] }))
    const run = (all: typeof contracts) => runPolicyCases({ files, contracts: all, groups: ['finance'], cases })
    const newest = run(contracts)[0]?.decision?.contract_digest
    expect(run([...contracts, ...(older ? [older] : [])])[0]?.decision?.contract_digest).toBe(newest)
  })
})

describe('files of policy cases', () => {
  const failure = (text: string) => {
    try {
      return parsePolicyCases({ 'desk.yaml': text })
    } catch (error) {
      return error
    }
  }

  test('are refused with everything that is wrong in them', () => {
    const text = `
about: wrong
cases:
  - { description: one, principal: { id: desk }, tool: a, args: {}, expect: { result: maybe } }
  - { description: two, principal: { id: agent:desk }, tool: a, args: {}, expects: { result: deny } }`
    expect(failure(text)).toMatchObject({
      code: 'EXQ-7001',
      problems: [
        { pointer: '/desk.yaml/cases/0/principal/id' },
        { pointer: '/desk.yaml/cases/0/expect/result' },
        { pointer: '/desk.yaml/cases/1/expect' },
        { pointer: '/desk.yaml/cases/1', message: 'Unrecognized key: "expects"' },
      ],
    })
  })

  test('are refused where they are not YAML, naming the line', () => {
    expect(failure('about: [')).toMatchObject({ code: 'EXQ-7001', detail: expect.stringContaining('line 1') })
  })

  test('are refused where they hold no case', () => {
    expect(failure('about: nothing\ncases: []')).toMatchObject({ code: 'EXQ-7001' })
  })

  test('have to be there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exequatur-cases-'))
    try {
      await expect(readPolicyCases(folder)).rejects.toMatchObject({ code: 'EXQ-7001' })
      await expect(readPolicyCases(join(folder, 'none'))).rejects.toMatchObject({ code: 'EXQ-7001' })
      writeFileSync(
        join(folder, 'one.yaml'),
        `about: one\n${given}\ncases: [{ description: it, expect: { result: deny } }]`,
      )
      expect(await readPolicyCases(folder)).toMatchObject([{ file: 'one.yaml', description: 'it' }])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
