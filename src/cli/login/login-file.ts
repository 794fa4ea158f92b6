import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ExequaturError } from '../../domain/errors.js'
import { isObject } from '../../domain/json.js'
import { homeOf } from '../dev-json.js'
import type { Terminal } from '../terminal.js'

/** What a sign-in leaves: a token for one server, until it ends. */
export interface Login {
  /** The only server the token is sent to; ends with a slash. */
  readonly api: string
  readonly issuer: string
  readonly client_id: string
  readonly audience: string
  readonly access_token: string
  /** Milliseconds since 1970. */
  readonly ends_at: number
}

type Place = Pick<Terminal, 'env' | 'cwd'>

/** Keeps a sign-in, readable by its owner only. */
export function writeLogin(place: Place, login: Login): void {
  const file = loginPath(place)
  mkdirSync(homeOf(place), { recursive: true })
  rmSync(`${file}.new`, { force: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(`${file}.new`, file)
}

/** The token of a sign-in at this server; null where there is none. Throws `EXQ-2012` for one that has ended. */
export function tokenOfLogin(place: Place, api: URL): string | null {
  const login = readLogin(place)
  if (!login || login.api !== api.href) return null
  if (Date.now() >= login.ends_at) throw new ExequaturError('EXQ-2012', 'you signed in too long ago')
  return login.access_token
}

/** Forgets a sign-in; false where there was none. */
export function removeLogin(place: Place): boolean {
  const known = readLogin(place) !== null
  rmSync(loginPath(place), { force: true })
  return known
}

/** The sign-in that was kept last, ended or not; null where there is none. */
export function readLogin(place: Place): Login | null {
  try {
    const value: unknown = JSON.parse(readFileSync(loginPath(place), 'utf8'))
    return isObject(value) && typeof value.access_token === 'string' ? (value as unknown as Login) : null
  } catch {
    return null
  }
}

function loginPath(place: Place): string {
  return join(homeOf(place), 'login.json')
}
