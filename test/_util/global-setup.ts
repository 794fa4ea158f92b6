import { join, resolve } from 'node:path'
import { obtainTemporal } from '../../src/dev/obtain-temporal.js'
import { startPostgres } from '../../src/dev/postgres.js'
import { adminUrlVariable, makeTemplate } from './database.js'

const home = resolve(process.env.EXEQUATUR_HOME || '.exequatur')
const say = (line: string) => console.error(line)

/**
 * Sees to it that there is a Postgres for the tests: the one the environment names, else one of our own. And a Temporal
 * server to start: building it takes minutes, which no test waits for.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  await obtainTemporal({ home, say })
  const postgres = process.env[adminUrlVariable] ? undefined : await startPostgres({ home: join(home, 'test'), say })
  if (postgres) process.env[adminUrlVariable] = postgres.url
  await makeTemplate()
  return postgres && (() => postgres.stop())
}
