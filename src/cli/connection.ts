import { ExequaturError } from '../domain/errors.js'
import { cliError } from './cli-error.js'
import { type DevJson, devJsonPath, readDevJson } from './dev-json.js'
import { tokenOfLogin } from './login/login-file.js'
import type { Terminal } from './terminal.js'

/** Options of every command that talks to the server. */
export interface ConnectionOptions {
  readonly api?: string
  readonly token?: string
  readonly as?: string
}

/** The server to talk to, and as whom. */
export interface Connection {
  /** Ends with a slash. */
  readonly api: URL
  readonly token: string
}

/**
 * Where to talk to and as whom. What is said on the command line wins over the environment, and that over a sign-in and
 * the `dev.json` of the stack on this machine. Throws `EXQ-7006` where no server is named, `EXQ-2001` where no credential is.
 */
export function findConnection(options: ConnectionOptions, terminal: Pick<Terminal, 'env' | 'cwd'>): Connection {
  const path = devJsonPath(terminal)
  const dev = () => readDevJson(path)
  const api = findApi(options, terminal)
  return { api, token: findToken(options, terminal, path, dev, api) }
}

/** The server to talk to. Throws `EXQ-7006` where none is named. */
export function findApi({ api }: Pick<ConnectionOptions, 'api'>, terminal: Pick<Terminal, 'env' | 'cwd'>): URL {
  const path = devJsonPath(terminal)
  const named = api ?? terminal.env.EXEQUATUR_API
  if (named) return parseApi(named)
  const own = readDevJson(path)?.api
  if (!own) {
    throw new ExequaturError('EXQ-7006', `none is named: EXEQUATUR_API is not set, and ${path} names none`)
  }
  const url = parseApi(own)
  // The stack listens on this machine only; a token may not follow a file somebody else put there.
  if (!isLoopback(url.hostname)) {
    throw new ExequaturError('EXQ-7001', `${path} names ${url.host}, which is not on this machine: set EXEQUATUR_API`)
  }
  return url
}

function parseApi(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ExequaturError('EXQ-7007', `the server's address is not an http(s) URL: ${text}`)
  }
  if (url.username || url.password) {
    throw new ExequaturError('EXQ-7007', "the server's address may not hold a user or a password")
  }
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

function findToken(
  { token, as }: ConnectionOptions,
  terminal: Pick<Terminal, 'env' | 'cwd'>,
  path: string,
  dev: () => DevJson | null,
  api: URL,
): string {
  const found = token || (as ? tokenOf(as, path, dev()) : terminal.env.EXEQUATUR_TOKEN || tokenOfLogin(terminal, api))
  if (!found) {
    const names = namesIn(dev())
    throw cliError(
      'EXQ-2001',
      'no token was given',
      names.length > 0
        ? `Say as whom: \`--as <name>\`, one of ${names.join(', ')}; set EXEQUATUR_TOKEN, or sign in: \`exq login\`.`
        : 'Set EXEQUATUR_TOKEN, or sign in: `exq login`; a new token: `exq agent create <name>` or `exq person create <name>`.',
    )
  }
  // Anything else could not be sent in a header; it is not shown either, as it may be a secret.
  if (!/^[\x21-\x7e]+$/.test(found)) throw new ExequaturError('EXQ-2001', 'the token holds characters no token has')
  return found
}

function tokenOf(as: string, path: string, dev: DevJson | null): string {
  if (!dev) {
    const remedy = 'Leave out `--as`, and set EXEQUATUR_TOKEN, or sign in: `exq login`.'
    throw cliError('EXQ-2001', `--as takes tokens from ${path}, which is missing`, remedy)
  }
  const [, kind, name = as] = /^(agent|person):(.*)$/.exec(as) ?? []
  const agent = kind === 'person' ? undefined : own(dev.tokens?.agents, 'agent', name)
  const person = kind === 'agent' ? undefined : own(dev.tokens?.people, 'person', name)
  if (agent && person) throw new ExequaturError('EXQ-7007', `${name} is an agent and a person: write agent:${name}`)
  const found = agent ?? person
  if (found) return found
  const names = namesIn(dev)
  throw cliError('EXQ-2001', `${path} has no token of ${as}`, `It has those of: ${names.join(', ') || 'nobody'}.`)
}

/** Names may be written down with or without their kind. */
function own(tokens: Readonly<Record<string, string>> | undefined, kind: string, name: string): string | undefined {
  const key = [name, `${kind}:${name}`].find((key) => tokens && Object.hasOwn(tokens, key))
  return key === undefined ? undefined : tokens?.[key]
}

/** Whose tokens are written down, as `agent:desk`, `person:ann`. */
export function namesIn(dev: DevJson | null): string[] {
  const names = (tokens: Readonly<Record<string, string>> | undefined, kind: string) =>
    Object.keys(tokens ?? {}).map((name) => (name.startsWith(`${kind}:`) ? name : `${kind}:${name}`))
  return [...names(dev?.tokens?.agents, 'agent'), ...names(dev?.tokens?.people, 'person')]
}
