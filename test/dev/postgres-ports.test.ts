import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../src/dev/ports.js'
import { startPostgres } from '../../src/dev/postgres.js'
import { findPostgresBinaries } from '../../src/dev/postgres-binaries.js'
import { createCluster, obtainPassword } from '../../src/dev/postgres-cluster.js'
import { postgresAnswers, postgresUrl } from '../../src/dev/postgres-connection.js'
import { choosePostgresFolders } from '../../src/dev/postgres-folder.js'
import { findPostgresIdentity } from '../../src/dev/postgres-identity.js'
import { launchPostgres } from '../../src/dev/postgres-launch.js'
import { endPostmaster } from '../../src/dev/postmaster.js'
import { temporaryHome } from './temporary-home.js'

const say = () => undefined

test('where another Postgres takes the port while ours is slow to start, a further port is tried', async () => {
  const home = temporaryHome()
  const identity = findPostgresIdentity(say)
  const { data, copies } = choosePostgresFolders(home, identity, say)
  const { password } = obtainPassword(join(home, 'postgres.password'))
  const binaries = findPostgresBinaries({ identity, copies, say })
  await createCluster({ data, password, binaries, identity })
  const goOn = join(home, 'go-on')
  const slow = join(home, 'slow-postgres')
  const script = `#!/bin/sh\nwhile [ ! -e '${goOn}' ]; do sleep 0.05; done\nexec '${binaries.postgres}' "$@"\n`
  writeFileSync(slow, script, { mode: 0o755 })
  const preferredPort = await freePort()
  const launched = launchPostgres({
    ...{ home, data, password, identity, preferredPort },
    binaries: { ...binaries, postgres: slow },
  })
  // To make its data folder takes the other one longer than ours takes to look at the port.
  const other = await startPostgres({ home: temporaryHome(), say, port: preferredPort })
  onTestFinished(() => other.stop())
  // The other one has refused our password a few times by now.
  await pause(1_000)
  writeFileSync(goOn, '')
  const { service, port } = await launched
  onTestFinished(() => endPostmaster(service))
  expect(other.url).toContain(`:${preferredPort}/`)
  expect(port).not.toBe(preferredPort)
  expect(await postgresAnswers(postgresUrl(port, password, 'postgres'))).toBe(true)
})

test('a password that is not the one of the data folder is an error that says so', async () => {
  const home = temporaryHome()
  const { stop } = await startPostgres({ home, say })
  await stop()
  writeFileSync(join(home, 'postgres.password'), 'another\n')
  await expect(startPostgres({ home, say })).rejects.toThrow('refuses the password kept in postgres.password')
})
