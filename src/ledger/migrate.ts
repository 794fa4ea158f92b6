import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { packageRoot } from '../package-root.js'

/** Brings a database to the present schema. `ownerUrl` must be allowed to create roles. Two at once wait for each other. */
export async function migrate(ownerUrl: string): Promise<void> {
  await runner({
    databaseUrl: ownerUrl,
    dir: fileURLToPath(new URL('src/ledger/migrations', packageRoot)),
    direction: 'up',
    migrationsTable: 'exq_migrations',
    advisoryLockMode: 'wait',
    log: () => undefined,
  })
}
