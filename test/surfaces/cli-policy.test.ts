import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { freshDatabase } from '../_util/database.js'
import { exq, folderWith } from './cli-run.js'

const example = ['--config', fileURLToPath(new URL('../../examples/refund-desk/exequatur.config.ts', import.meta.url))]

/** A configuration of its own, with one tool and the given policies and cases. */
function deployment(policies: string, cases?: string) {
  const folder = folderWith({
    'tools.mjs': `
      const contract = (name, version, field) => ({
        name, version, title: 'T', description: 'D.', owner: 'person:ann', approvers: [], risk: 'low', effect: 'none',
        input: { type: 'object', properties: { [field]: { type: 'integer' } }, required: [field], additionalProperties: false },
        output: { type: 'object', properties: {}, additionalProperties: false }, binding: [],
        resource: { type: 'Thing', id: '/args/' + field }, fill: {}, late: [],
        downstream: { class: 'read', call_timeout_ms: 1000 }, pool: 'default', credentials: [] })
      export const tools = [{ contract: contract('look', 1, 'old') }, { contract: contract('look', 2, 'fresh') }]`,
    'exequatur.config.mjs': `
      export default { deployment: 'd', tenants: ['acme'], groups: ['finance'], policies: '.',
        ${cases === undefined ? '' : "policyCases: '.',"}
        tools: () => import('./tools.mjs').then(({ tools }) => tools) }`,
    'own.cedar': policies,
    ...(cases === undefined ? {} : { 'cases.yaml': cases }),
  })
  return { ...folder, around: { cwd: folder.path, env: { EXEQUATUR_CONFIG: 'exequatur.config.mjs' } } }
}

describe('policy check', () => {
  test('finds the policies of the example valid', async () => {
    const { code, stdout, stderr } = await exq(['policy', 'check', '-o', 'json', ...example])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { policies, tools } = JSON.parse(stdout)
    expect(policies.length).toBeGreaterThan(10)
    expect(tools.map(({ name }: { name: string }) => name)).toContain('refund_invoice')
  })

  test('tells every problem, for every version of a tool', async () => {
    const { around, remove } = deployment(`
      @id("new-only") permit (principal is Agent, action == Action::"look", resource) when { context.args.fresh > 1 };
      @id("nonsense") permit (principal is Agent, action == Action::"look", resource) when { context.nonsense };
      @id("stranger") @require("nobody:1") forbid (principal, action, resource);`)
    const { code, stdout, stderr } = await exq(['policy', 'check', '-o', 'json'], around)
    remove()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const { code: error, errors } = JSON.parse(stderr)
    expect(error).toBe('EXQ-3002')
    const pointers = errors.map(({ pointer }: { pointer: string }) => pointer)
    expect([...new Set(pointers)].sort()).toEqual(['/new-only', '/nonsense', '/stranger'])
  })

  test('says where it looked for a configuration that is not there', async () => {
    const { code, stderr } = await exq(['policy', 'check', '--config', 'nowhere.ts'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^EXQ-7001 .*nowhere\.ts does not exist\nNext: Name it with `--config` or EXEQUATUR_CONFIG\.\n$/,
    )
  })
})

describe('policy check of what could never be', () => {
  const complaints = async (policies: string, cases?: string) => {
    const { around, remove } = deployment(policies, cases)
    const { code, stderr } = await exq(['policy', 'check', '-o', 'json'], around)
    remove()
    return {
      code,
      messages: code === 0 ? [] : JSON.parse(stderr).errors.map((each: { message: string }) => each.message),
    }
  }
  const look = 'principal is Agent, action == Action::"look", resource'

  test.each([
    [
      'a policy that never applies',
      `@id("a") permit (${look}) when { context.requested_approval && false };`,
      /policy is impossible/,
    ],
    [
      'an `unless` that what is asked for does not meet',
      `@id("a") @require("finance:1") forbid (${look}) unless { context.approvals.finance >= 2 };`,
      /^own\.cedar: its `unless` wants finance 2, @require asks for finance 1: .* Make both the same\.$/,
    ],
    ['no `unless` at all', `@id("a") @require("finance:1") forbid (${look});`, /cannot be told.* add a policy case/],
    [
      'approvers of a tool that names none',
      `@id("a") @require("approvers:1") forbid (${look}) unless { context.approvals.approvers >= 1 };`,
      /look names no approvers: add groups to `approvers` of the tool/,
    ],
    [
      'more groups than a tool has approvers of',
      `@id("a") @require("groups:2") forbid (${look}) unless { context.approvals.groups >= 2 };`,
      /asks for 2 different groups, and look names no approvers/,
    ],
  ])('finds %s, and tells what to do', async (_, policy, complaint) => {
    const { code, messages } = await complaints(policy)
    expect({ code, messages }).toEqual({ code: 1, messages: [expect.stringMatching(complaint)] })
  })

  test('takes a policy case for what cannot be told', async () => {
    const policy = `@id("all") permit (${look});
      @id("a") @require("finance:1") forbid (${look}) when { context.approvals.finance < 1 };`
    const cases = `
about: Looks.
given: { principal: { id: agent:desk }, tool: look, args: { fresh: 1 } }
cases:
  - { description: it asks, expect: { result: require-approval } }`
    expect((await complaints(policy)).code).toBe(1)
    expect(await complaints(policy, cases)).toEqual({ code: 0, messages: [] })
  })

  test('looks into the ledger whether enough people are in the groups', async () => {
    const database = await freshDatabase()
    const { around, remove } = deployment(
      `@id("a") @require("finance:2") forbid (${look}) unless { context.approvals.finance >= 2 };`,
    )
    const env = { ...around.env, DATABASE_URL: database.ownerUrl }
    const check = () => exq(['policy', 'check', '--tenant', 'acme'], { ...around, env })
    expect((await check()).stderr).toMatch(/^EXQ-2004 /)
    for (const name of ['ann', 'bob']) {
      await exq(['person', 'create', name, '--tenant', 'acme', '--group', 'finance'], {
        env: { DATABASE_URL: database.ownerUrl },
      })
      const { code, stderr } = await check()
      if (name === 'ann')
        expect(stderr).toContain('it asks for finance 2, and 1 person is in finance: put people into it')
      else expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
    remove()
    await database.drop()
  })
})

describe('policy test', () => {
  test('passes the cases of the example', async () => {
    const { code, stdout, stderr } = await exq(['policy', 'test', ...example])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/\n {2}ok {3}.*\n/)
    expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/)
  })

  const permit = '@id("fine") permit (principal is Agent, action == Action::"look", resource);'
  const cases = `
about: Looks.
given: { principal: { id: agent:desk }, tool: look, args: { fresh: 1 } }
cases:
  - { description: it may, expect: { result: allow } }
  - { description: it may not, expect: { result: deny } }`

  test('names the case that gives another decision, and what it gave', async () => {
    const { around, remove } = deployment(permit, cases)
    const { code, stdout, stderr } = await exq(['policy', 'test'], around)
    remove()
    expect(code).toBe(1)
    expect(stdout).toContain('  ok   it may\n  FAIL it may not\n         expected deny, but the policy says allow')
    expect(stderr).toMatch(/^EXQ-3004 .*: 1 of 2 cases\n/)
  })

  test('says so where no cases are named', async () => {
    const { around, remove } = deployment(permit)
    const { code, stderr } = await exq(['policy', 'test'], around)
    remove()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EXQ-7001 .*names no policyCases/)
  })
})
