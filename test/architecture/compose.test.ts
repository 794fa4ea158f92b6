import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { tools } from '../../examples/refund-desk/tools/index.js'
import { buildProgram } from '../../src/cli/program.js'
import { type Setting, settings } from '../../src/config/env.js'
import { packageRoot } from '../../src/package-root.js'
import { composeText, dockerfile, environment, service, services } from './compose-file.js'

const table: Readonly<Record<string, Setting>> = settings
const ours = services.filter(([, { image }]) => image.startsWith('exequatur:'))
const processes = ['server', 'executor'] as const

describe('the images of docker-compose.yml', () => {
  test('are pinned, and ours is built from this clone once', () => {
    for (const [name, { image }] of services) expect(image, name).toMatch(/^[a-z/-]+:(?!latest$)[\w.-]+$/)
    expect(services.filter(([, { build }]) => build).map(([name, { build }]) => [name, build])).toEqual([
      ['migrate', '.'],
    ])
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'keys', 'server', 'executor'])
  })

  test('start from the Node that this clone names, and run as nobody special', () => {
    const [major] = readFileSync(new URL('.node-version', packageRoot), 'utf8').trim().replace(/^v/, '').split('.')
    for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(base).toBe(`node:${major}-bookworm-slim`)
    expect(dockerfile).toMatch(/^USER node$/m)
  })

  test('hold what they copy from the clone', () => {
    for (const [, sources] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const source of (sources as string).split(' '))
        expect(existsSync(new URL(source, packageRoot)), source).toBe(true)
    }
  })
})

describe('the commands of docker-compose.yml', () => {
  const program = buildProgram(() => async () => undefined)
  const find = (words: readonly string[]): Command | undefined =>
    words.reduce<Command | undefined>((at, word) => at?.commands.find((each) => each.name() === word), program)

  test('exist', () => {
    for (const name of ['migrate', ...processes]) {
      expect(service(name).command, name).toHaveLength(1)
      expect(find(service(name).command ?? []), name).toBeDefined()
    }
    expect(service('keys').command?.[0]).toContain('exequatur server-key create /keys\n')
    expect(find(['server-key', 'create'])).toBeDefined()
    expect(find(['server-key', 'nothing'])).toBeUndefined()
  })
})

describe('the variables of docker-compose.yml', () => {
  test('are settings of the process they are given to, and include all it requires', () => {
    for (const process of processes) {
      const given = Object.keys(environment(process))
      for (const name of given.filter((each) => each.startsWith('EXEQUATUR_') || each === 'DATABASE_URL'))
        expect(table[name]?.by, `${process}: ${name}`).toContain(process)
      const required = Object.entries(table).filter(([, { required, by }]) => required && by.includes(process))
      expect(given).toEqual(expect.arrayContaining(required.map(([name]) => name)))
    }
    expect(environment('migrate')).toHaveProperty('DATABASE_URL')
  })

  test('are all in the table of settings, in the Dockerfile too', () => {
    for (const [name] of `${composeText}\n${dockerfile}`.matchAll(/\bEXEQUATUR_[A-Z_]+/g))
      expect(table).toHaveProperty(name)
  })

  test('name files that are there: in the image, or in a mounted volume', () => {
    for (const process of processes) {
      const config = environment(process).EXEQUATUR_CONFIG ?? ''
      expect(existsSync(new URL(config.replace(/^\/app\//, ''), packageRoot)), config).toBe(true)
    }
    expect(environment('server').EXEQUATUR_SIGNING_KEY_FILE).toBe('/keys/signing-key.pem')
    expect(environment('executor').EXEQUATUR_VERIFY_KEY_FILE).toBe('/public-keys/verify-key.pem')
    expect(service('server').volumes).toEqual(['keys:/keys:ro'])
    expect(service('executor').volumes).toEqual(['public-keys:/public-keys:ro'])
  })

  test('give the credentials of the tools to the executor alone', () => {
    const credentials = tools
      .flatMap((tool) => Object.values(tool.credentials))
      // A source reads its own: here that of the feature flags.
      .map((from) => (typeof from === 'string' ? from.slice('env:'.length) : 'FLAGS_ADMIN_URL'))
    expect(credentials).toContain('STRIPE_API_KEY')
    expect(credentials).toContain('FLAGS_ADMIN_URL')
    for (const [name, { environment: given = {} }] of services) {
      const held = credentials.filter((credential) => credential in given)
      expect(held, name).toEqual(name === 'executor' ? credentials : [])
    }
  })

  test('hold no secret but marked defaults for one machine', () => {
    for (const [, name, value] of composeText.matchAll(/\$\{(\w+):-([^}]*)\}/g))
      if (/PASSWORD|KEY|TOKEN/.test(name as string)) expect(value, name).toMatch(/^(local-only-[a-z]+)?$/)
    for (const [, password] of composeText.matchAll(/postgres:\/\/\w+:([^@]+)@/g)) expect(password).toMatch(/^\$\{/)
  })
})

describe('the ports of docker-compose.yml', () => {
  const published = (name: string) =>
    (service(name).ports ?? []).map((port) => /^127\.0\.0\.1:(\d+):(\d+)$/.exec(port)?.slice(1))

  test('are published on this machine only', () => {
    for (const [name] of services) for (const pair of published(name)) expect(pair, name).toHaveLength(2)
  })

  test('are those of the table of settings', () => {
    const api = settings.EXEQUATUR_PORT.default
    expect(environment('server')).not.toHaveProperty('EXEQUATUR_PORT')
    expect(published('server')).toEqual([[api, api]])
    expect(composeText).toContain(`http://127.0.0.1:${api}/readyz`)
    const temporal = settings.EXEQUATUR_TEMPORAL_ADDRESS.default.split(':')[1]
    expect(published('temporal')).toEqual([[temporal, temporal]])
    for (const process of processes)
      expect(environment(process).EXEQUATUR_TEMPORAL_ADDRESS).toBe(`temporal:${temporal}`)
    const [[ui] = []] = published('temporal-ui')
    expect(environment('server').EXEQUATUR_TEMPORAL_UI).toBe(`http://127.0.0.1:${ui}`)
  })
})

test('docker compose takes docker-compose.yml, where there is one to ask', () => {
  const docker = (...args: string[]) =>
    spawnSync('docker', ['compose', ...args], { cwd: fileURLToPath(packageRoot), encoding: 'utf8' })
  const { status, stderr } = docker('version').status === 0 ? docker('config', '--quiet') : { status: 0, stderr: '' }
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
