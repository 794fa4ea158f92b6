import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { NativeConnection } from '@temporalio/worker'
import pg from 'pg'
import type { Systems } from './systems.js'

const loadAtStart = loadavg()[0] ?? 0

/** What the numbers were taken on. */
export async function tellVersions({ stack }: Systems): Promise<string> {
  const connection = await NativeConnection.connect({ address: stack.temporal.address })
  const { serverVersion } = await connection.workflowService.getSystemInfo({})
  await connection.close()
  const owner = new pg.Client({ connectionString: stack.databaseUrl })
  await owner.connect()
  const { rows } = await owner.query<{ server_version: string }>('show server_version')
  await owner.end()
  const sdk = new URL('package.json', new URL('../', import.meta.resolve('@temporalio/worker')))
  const { version } = JSON.parse(readFileSync(sdk, 'utf8')) as { version: string }
  const all = cpus()
  const busy = loadAtStart > all.length / 2
  return [
    `${all.length} cores (${all[0]?.model ?? 'unknown'}), load ${loadAtStart.toFixed(1)} at the start`,
    `Node ${process.version}, Temporal ${serverVersion} (dev server, SQLite), SDK ${version}, Postgres ${rows[0]?.server_version}`,
    ...(busy
      ? ['Others kept this machine busy: what is beside each other compares, the milliseconds alone say little.']
      : []),
  ].join('\n')
}
