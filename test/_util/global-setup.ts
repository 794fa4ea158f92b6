import { join } from 'node:path'
import { startPostgres } from '../../src/dev/postgres.js'
import { adminUrlVariable } from './database.js'

/** Sees to it that there is a Postgres for the tests: the one the environment names, else one of our own. */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[adminUrlVariable]) return undefined
  const postgres = await startPostgres({
    home: join(process.env.EXEQUATUR_HOME || '.exequatur', 'test'),
    say: (line) => console.error(line),
  })
  process.env[adminUrlVariable] = postgres.url
  return () => postgres.stop()
}
