import { userInfo } from 'node:os'
import type { PrincipalDeps } from '../control-plane/principals.js'
import { ExequaturError, isExequaturError } from '../domain/errors.js'
import { devJsonPath, readDevJson } from './dev-json.js'
import type { Session } from './session.js'
import type { Terminal } from './terminal.js'

/** The database of the ledger: DATABASE_URL, else that of the stack on this machine. Throws `EXQ-7001`. */
export function databaseUrl(terminal: Pick<Terminal, 'env' | 'cwd'>): string {
  const path = devJsonPath(terminal)
  const url = terminal.env.DATABASE_URL || readDevJson(path)?.database_url
  if (!url) throw new ExequaturError('EXQ-7001', `DATABASE_URL is not set, and ${path} names no database`)
  return url
}

/** Works on the ledger as the server does, without one. Throws `EXQ-7004`. */
export async function withLedger<T>(
  { terminal, output }: Pick<Session, 'terminal' | 'output'>,
  work: (deps: PrincipalDeps) => Promise<T>,
): Promise<T> {
  const url = databaseUrl(terminal)
  const [{ createPool }, { createAuthorities }] = await Promise.all([
    import('../ledger/pool.js'),
    import('../identity/authority.js'),
  ])
  const onPool = async () => {
    const pool = createPool(url, 'exq_server', 2)
    try {
      // Groups matter only to decisions, and none are made here.
      return await work({ pool, authorities: createAuthorities(pool, []) })
    } finally {
      await pool.end()
    }
  }
  return output.during(`Waiting for ${placeOf(url)} ...`, () => explainDatabase(url, onPool))
}

/** Turns what goes wrong with a database into an error with a next step; the password is not part of it. */
export async function explainDatabase<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isExequaturError(error) || !(error instanceof Error)) throw error
    const place = placeOf(url)
    const code = 'code' in error ? String(error.code) : ''
    // No such role, table or function: the migrations have not been run.
    if (code === '22023' || code === '42P01' || code === '42883') {
      throw new ExequaturError('EXQ-7001', `${place} holds no ledger yet: run \`exq migrate\``, [], { cause: error })
    }
    const reason = error instanceof AggregateError ? code : error.message
    throw new ExequaturError('EXQ-7004', `${place}: ${reason || code}`, [], { cause: error })
  }
}

/** Whoever sits at this machine; recorded with what they change. */
export function operator(): string {
  try {
    return `operator:${userInfo().username}`
  } catch {
    return 'operator:unknown'
  }
}

function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
