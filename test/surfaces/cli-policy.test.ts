import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
