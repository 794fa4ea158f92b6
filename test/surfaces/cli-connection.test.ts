import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { toShownError } from '../../src/cli/cli-error.js'
import { type ConnectionOptions, findConnection } from '../../src/cli/connection.js'
import { startApi } from './cli-api-server.js'
import { exq, folderWith } from './cli-run.js'

const folder = folderWith({})
const dev = {
  api: 'http://127.0.0.1:7400',
  tokens: {
    agents: { desk: 'token-of-desk', both: 'agent-both' },
    people: { fin: 'token-of-fin', both: 'person-both' },
  },
}
afterEach(folder.remove)

/** Where a command would go, with the given `dev.json` in the folder `.exequatur` here. */
function find(options: ConnectionOptions, env: NodeJS.ProcessEnv = {}, devJson: unknown = dev) {
  mkdirSync(join(folder.path, '.exequatur'), { recursive: true })
  if (devJson) writeFileSync(join(folder.path, '.exequatur', 'dev.json'), JSON.stringify(devJson))
  const { api, token } = findConnection(options, { env, cwd: folder.path })
  return `${api.href} ${token}`
}

function failure(work: () => unknown): string {
  try {
    return String(work())
  } catch (error) {
    const { code, detail, remedy } = toShownError(error)
    return `${code} ${detail} ${remedy}`
  }
}

describe('the server', () => {
  test('is the one of the stack on this machine', () => {
    expect(find({ as: 'fin' })).toBe('http://127.0.0.1:7400/ token-of-fin')
  })

  test('is the one in EXEQUATUR_API rather, and the one on the command line most of all', () => {
    const env = { EXEQUATUR_API: 'https://exequatur.internal/base', EXEQUATUR_TOKEN: 't' }
    expect(find({}, env)).toBe('https://exequatur.internal/base/ t')
    expect(find({ api: 'http://localhost:1234' }, env)).toBe('http://localhost:1234/ t')
  })

  test('is looked for in EXEQUATUR_HOME', () => {
    const home = folderWith({ 'dev.json': { ...dev, api: 'http://127.0.0.1:7401' } })
    expect(find({ as: 'desk' }, { EXEQUATUR_HOME: home.path })).toBe('http://127.0.0.1:7401/ token-of-desk')
    home.remove()
  })

  test('has to be named by somebody', () => {
    expect(failure(() => find({ token: 't' }, {}, null))).toMatch(/^EXQ-7006 none is named: .*\.exequatur\/dev\.json/)
  })

  test('may not be a stranger because a file in this folder says so', () => {
    const stray = { ...dev, api: 'http://elsewhere.example:7400' }
    expect(failure(() => find({}, { EXEQUATUR_TOKEN: 'secret' }, stray))).toMatch(/^EXQ-7001 .*not on this machine/)
  })

  test.each(['ftp://127.0.0.1', 'nonsense', 'http://user:secret@127.0.0.1'])('cannot be %s', (api) => {
    expect(failure(() => find({ api, token: 't' }))).toMatch(/^EXQ-7007 /)
  })

  test('that cannot be understood in dev.json is told', () => {
    expect(failure(() => find({}, {}, ['no object']))).toMatch(/^EXQ-7001 .*is not a JSON object/)
  })
})

describe('the credential', () => {
  test.each([
    ['desk', 'token-of-desk'],
    ['agent:desk', 'token-of-desk'],
    ['person:fin', 'token-of-fin'],
    ['person:both', 'person-both'],
    ['agent:both', 'agent-both'],
  ])('of --as %s comes from dev.json', (as, token) => {
    expect(find({ as })).toContain(token)
  })

  test('may be written down under the whole name', () => {
    const whole = { ...dev, tokens: { agents: { 'agent:desk': 'a' }, people: { 'person:fin': 'p' } } }
    expect(find({ as: 'desk' }, {}, whole)).toContain(' a')
    expect(find({ as: 'person:fin' }, {}, whole)).toContain(' p')
  })

  test('on the command line wins over EXEQUATUR_TOKEN', () => {
    const env = { EXEQUATUR_TOKEN: 'from-the-environment' }
    expect(find({}, env)).toContain('from-the-environment')
    expect(find({ token: 'given' }, env)).toContain('given')
    expect(find({ as: 'fin' }, env)).toContain('token-of-fin')
  })

  test('of a name that an agent and a person have needs the kind', () => {
    expect(failure(() => find({ as: 'both' }))).toMatch(/^EXQ-7007 both is an agent and a person/)
  })

  test('of an unknown name is refused with the names there are', () => {
    const names = 'agent:desk, agent:both, person:fin, person:both'
    expect(failure(() => find({ as: 'nobody' }))).toMatch(new RegExp(`^EXQ-2001 .* ${names}\\.$`))
    expect(failure(() => find({ as: 'constructor' }))).toMatch(/^EXQ-2001/)
    expect(failure(() => find({}))).toMatch(new RegExp(`^EXQ-2001 no token was given .* ${names}`))
  })

  test('that nobody gave can be had by signing in, which is said', () => {
    const [api, signIn] = ['https://exequatur.internal', 'or sign in: `exq login`']
    expect(failure(() => find({ api }))).toContain(signIn)
    expect(failure(() => find({ api }, {}, {}))).toContain(signIn)
    folder.remove()
    expect(failure(() => find({ api, as: 'fin' }, {}, null))).toContain(signIn)
  })

  test('that could not be sent in a header is not shown', () => {
    const shown = failure(() => find({ token: 'sec\nret' }))
    expect(shown).toMatch(/^EXQ-2001/)
    expect(shown).not.toContain('sec')
  })
})

describe('a server', () => {
  test('that is not there is EXQ-7006', async () => {
    const api = await startApi({})
    await api.close()
    const { code, stdout, stderr } = await api.run(['list'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `EXQ-7006 The Exequatur server cannot be reached: ${api.url}: ECONNREFUSED\n` +
        'Next: Start it (`npm start` or `exq server`) or set EXEQUATUR_API.\n',
    )
  })

  test('that is something else is EXQ-7006 too', async () => {
    const api = await startApi({ 'GET /v1/actions': { status: 502, body: '<html>Bad gateway</html>' } })
    expect((await api.run(['list'])).stderr).toContain('EXQ-7006')
    await api.close()
  })

  test('that sends us elsewhere is not followed', async () => {
    const other = await startApi({})
    const redirect = { status: 307, body: {}, headers: { location: `${other.url}/v1/actions` } }
    const api = await startApi({ 'GET /v1/actions': redirect })
    expect((await api.run(['list'])).stderr).toContain('EXQ-7006')
    expect(other.received).toEqual([])
    await Promise.all([api.close(), other.close()])
  })

  test('is never asked without a credential', async () => {
    const api = await startApi({})
    const { code, stderr } = await exq(['list'], { env: { EXEQUATUR_API: api.url } })
    expect(code).toBe(10)
    expect(stderr).toMatch(/^EXQ-2001 /)
    expect(api.received).toEqual([])
    await api.close()
  })
})
