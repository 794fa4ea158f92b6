import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../src/package-root.js'
import { tellVersions } from './machine.js'
import { measure } from './plan.js'
import { tell } from './report.js'
import { openSystems, temporalCache } from './systems.js'

/**
 * `npm run bench`: what being governed costs, beside bare workflows with the same steps, in one run. `--quick` takes a
 * few samples only, to see that it works. Numbers on standard output, talk on standard error.
 */
const quick = process.argv.includes('--quick')
const say = (line: string) => console.error(line)

// It measures a stack of its own, whatever the environment names.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('EXEQUATUR_') || name === 'DATABASE_URL') delete process.env[name]
}

const home = fileURLToPath(new URL('.exequatur/bench', packageRoot))
const systems = await openSystems(home, temporalCache, say)
let closing: Promise<void> | undefined
const close = () => {
  closing ??= systems.close()
  return closing
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void close().finally(() => process.exit(130)))
}
try {
  const results = await measure(systems, { quick, say, postgresLog: join(home, 'logs', 'postgres.log') })
  console.log(await tellVersions(systems))
  console.log(tell(results))
} finally {
  await close()
}
process.exit()
