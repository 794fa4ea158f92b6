import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePrincipals } from '../../src/dev/principals.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { hashToken } from '../../src/identity/token.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { exq, folderWith } from '../surfaces/cli-run.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await run('person create ann --group finance')
})
afterAll(() => database.drop())

const run = (line: string, env: NodeJS.ProcessEnv = {}, cwd?: string) =>
  exq([...line.split(' '), '--tenant', 'acme'], {
    env: { DATABASE_URL: database.ownerUrl, ...env },
    ...(cwd && { cwd }),
  })
const holderOf = async (token: string) =>
  (await createAuthorities(database.serverPool, []).current('acme'))?.holderOf(hashToken(token))?.principal

describe('the command line', () => {
  test('carries an agent through its life', async () => {
    const first = await run('agent create desk --owner ann --contact team-desk')
    const second = await run('agent rotate desk')
    expect(second.stdout).toMatch(/^exq_acme_\S{43}\n$/)
    expect(second.stderr).not.toContain(second.stdout.trim())
    expect(await Promise.all([first, second].map(({ stdout }) => holderOf(stdout.trim())))).toEqual([
      undefined,
      'agent:desk',
    ])
    expect((await run('agent suspend desk --reason odd')).stdout).toBe('agent:desk of acme is suspended.\n')
    expect((await run('agent suspend desk')).stderr).toMatch(/^EXQ-2018 /)
    expect((await run('agent resume desk')).stdout).toBe('agent:desk of acme is live.\n')
    expect((await run('agent decommission desk')).stdout).toBe('agent:desk of acme is decommissioned.\n')
    expect((await run('agent create desk --owner ann')).stderr).toMatch(/^EXQ-2018 /)
    const { stdout } = await run('agent show desk -o json')
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'decommissioned',
      contact: 'team-desk',
      accounts: [],
      life: ['created', 'rotated', 'suspended', 'resumed', 'decommissioned'].map((event) => ({ event })),
    })
  })

  test('says that an agent whose owner is cut off executes nothing', async () => {
    await run('person create bea')
    await run('agent create orphan --owner bea')
    await run('person revoke bea')
    expect((await run('agent show orphan')).stdout).toContain('person:bea (revoked: nothing of it executes)')
  })

  test('changes who is in a group, and links identities', async () => {
    expect((await run('group add security person:ann')).stdout).toBe('person:ann of acme is in security.\n')
    expect((await run('group remove security person:ann')).stdout).toBe('person:ann of acme is not in security.\n')
    expect((await run('group add security ann')).code).toBe(2)
    const link = (verb: string) => run(`account ${verb} person:ann --issuer https://id.test --subject ann-1`)
    expect((await link('link')).stdout).toBe('ann-1 of https://id.test is person:ann of acme.\n')
    expect((await link('link')).stderr).toMatch(/^EXQ-2019 /)
    expect((await link('unlink')).stdout).toBe('ann-1 of https://id.test is no longer person:ann of acme.\n')
    expect((await link('unlink')).stderr).toMatch(/^EXQ-2004 /)
  })

  test('makes a service account, which has an owner', async () => {
    expect((await run('service create ci')).code).toBe(2)
    expect((await run('service create ci --owner ann')).code).toBe(0)
    expect((await run('service show ci')).stdout).toContain('person:ann')
  })

  test('refuses a tenant, and groups of people, that the configuration does not declare', async () => {
    const folder = folderWith({
      'exequatur.config.mjs': `export default { tenants: ['other'], groups: ['finance'], policies: '.', tools: async () => [] }`,
      'acme.config.mjs': `export default { tenants: ['acme'], groups: ['finance'], policies: '.', tools: async () => [] }`,
    })
    const under = (config: string, line: string) => run(line, { EXEQUATUR_CONFIG: config }, folder.path)
    expect((await under('exequatur.config.mjs', 'person create pat')).stderr).toMatch(
      /^EXQ-7007 .*declares the tenants other/,
    )
    expect((await under('acme.config.mjs', 'person create pat --group fnance')).stderr).toMatch(
      /^EXQ-7007 .*declares the groups finance/,
    )
    expect((await under('acme.config.mjs', 'group add fnance person:ann')).code).toBe(2)
    expect((await under('acme.config.mjs', 'person create pat --group finance')).code).toBe(0)
    expect((await under('acme.config.mjs', 'agent create free --owner ann --group desk_bots')).code).toBe(0)
    folder.remove()
  })
})

test('the sample principals of a stack: held back stays held back, a lost token is replaced', async () => {
  const wanted = [
    { tenant: 'acme', kind: 'person', name: 'olga' },
    { tenant: 'acme', kind: 'agent', name: 'bot', owner: 'person:olga' },
    { tenant: 'acme', kind: 'agent', name: 'gone', owner: 'person:olga' },
  ] as const
  const none = { agents: {}, people: {} }
  const first = await ensurePrincipals(database.ownerUrl, wanted, none)
  await run('agent suspend bot')
  await run('agent decommission gone')
  const second = await ensurePrincipals(database.ownerUrl, wanted, { ...first, people: {} })
  expect(second.agents).toEqual(first.agents)
  expect(await holderOf(first.agents.bot ?? '')).toBeUndefined()
  expect(await Promise.all([first, second].map(({ people }) => holderOf(people.olga ?? '')))).toEqual([
    undefined,
    'person:olga',
  ])
})
