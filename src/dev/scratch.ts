import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from '../contract/tool-checks.js'
import { startPostgres } from './postgres.js'
import type { Say } from './say.js'

/** A scratch folder, and a database in it once it is asked for: always the embedded one, never the one of DATABASE_URL. */
export function openScratch(home: string, say: Say): Scratch & { readonly close: () => Promise<void> } {
  const root = join(home, 'scratch')
  mkdirSync(root, { recursive: true })
  const folder = mkdtempSync(join(root, 'check-'))
  // As Postgres may have to run as another user.
  chmodSync(folder, 0o755)
  let postgres: ReturnType<typeof startPostgres> | undefined
  return {
    folder: mkdtempSync(join(folder, 'of-checks-')),
    database: async () => {
      postgres ??= startPostgres({ home: folder, say })
      return (await postgres).url
    },
    close: async () => {
      await (await postgres?.catch(() => undefined))?.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
