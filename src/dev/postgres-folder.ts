import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { canEnter, type PostgresIdentity } from './postgres-identity.js'
import type { Say } from './say.js'

/** Where root keeps what another system user must reach when the data folder itself is out of that user's reach. */
const shared = '/var/lib/exequatur'

export type PostgresFolders = {
  /** The folder of the database cluster, not yet made. */
  readonly data: string
  /** Where copies of programs go that cannot be run in place. */
  readonly copies: string
}

/** The folders below the data folder, or, where the identity may not enter that one, below /var/lib/exequatur. */
export function choosePostgresFolders(home: string, identity: PostgresIdentity, say: Say): PostgresFolders {
  mkdirSync(home, { recursive: true })
  if (identity.uid === undefined) return { data: join(home, 'postgres'), copies: home }
  if (canEnter(home, identity)) return { data: join(home, 'postgres'), copies: shared }
  const own = join(shared, createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 16))
  try {
    mkdirSync(own, { recursive: true })
    for (const folder of [shared, own]) chmodSync(folder, 0o755)
  } catch (error) {
    throw new Error(
      `Root's Postgres runs as another user, who may not enter ${home}; and ${own} cannot be made: ` +
        `${(error as Error).message}. Set EXEQUATUR_HOME to a folder everybody may enter, or DATABASE_URL.`,
    )
  }
  const data = join(own, 'postgres')
  say(`Keeping the database in ${data}: Postgres runs as another user than root, who may not enter ${home}`)
  return { data, copies: shared }
}
