import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import config from '../../examples/refund-desk/exequatur.config.js'
import { reservedCounts } from '../../src/domain/approval.js'
import { noTotals } from '../../src/domain/budget.js'
import { readPolicyCases } from '../../src/policy/policy-case-files.js'
import { runPolicyCases } from '../../src/policy/policy-cases.js'
import { createPolicyEngine } from '../../src/policy/policy-engine.js'
import { readPolicyFiles } from '../../src/policy/policy-files.js'
import { parsePolicySet } from '../../src/policy/policy-set.js'

const example = new URL('../../examples/refund-desk/', import.meta.url)
const files = await readPolicyFiles(fileURLToPath(new URL(config.policies, example)))
const contracts = (await config.tools()).map(({ contract }) => contract)
const cases = await readPolicyCases(fileURLToPath(new URL(config.policyCases ?? '', example)))
const results = runPolicyCases({ files, contracts, groups: config.groups, cases })

for (const file of new Set(results.map((result) => result.file))) {
  describe(file, () => {
    for (const { description, problems } of results.filter((result) => result.file === file)) {
      test(description, () => expect(problems).toEqual([]))
    }
  })
}

describe('the cases of the example', () => {
  const engine = createPolicyEngine(parsePolicySet(files), contracts, config.groups)

  test('name every policy as a deciding one, but for the fence between tenants and what no tool of the desk does', () => {
    const named = new Set(cases.flatMap(({ expect }) => expect.policies ?? []))
    expect([...engine.set.policies.keys()].filter((id) => !named.has(id))).toEqual([
      'default-own-tenant',
      'default-read-then-send',
    ])
  })

  test('a principal does nothing in another tenant', () => {
    const [principal, resource] = [
      { type: 'Service', id: 'observer' },
      { type: 'Invoice', id: 'in_1' },
    ]
    const counted = [...config.groups, ...reservedCounts].map((group) => [group, 0])
    const ask = (tenant: string) =>
      engine.ask({
        principal,
        action: 'get_invoice',
        resource,
        context: {
          args: { invoice_id: 'in_1' },
          plan: { step: 'step1', steps: 1, writes: 0 },
          session: { calls: 0, read_untrusted: false, read_sensitive: false },
          totals: noTotals,
          requested_approval: false,
          approvals: Object.fromEntries(counted),
        },
        entities: [
          { uid: principal, attrs: { tenant: 'acme' }, parents: [] },
          { uid: resource, attrs: { tenant }, parents: [] },
        ],
      })
    expect(ask('acme')).toMatchObject({ decision: 'allow', policy_ids: ['observer-reads'] })
    expect(ask('other')).toMatchObject({ decision: 'deny', policy_ids: ['default-own-tenant'] })
  })
})
