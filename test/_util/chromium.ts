import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock } from '../../src/dev/file-lock.js'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const packages = ['install', '-y', '--no-install-recommends', 'chromium']

/**
 * The Chromium that tests of the inbox drive: the one that EXEQUATUR_CHROMIUM names, else one on PATH. Where there is
 * none, root on Debian installs it; anybody else is told what to install.
 */
export async function findChromium(): Promise<string> {
  const found = process.env.EXEQUATUR_CHROMIUM || onPath()
  if (found) return found
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(missing)
  // Test files run side by side, and packages are installed by one of them.
  const lock = await take(resolve(process.env.EXEQUATUR_HOME || '.exequatur', 'test', 'chromium.lock'))
  try {
    return onPath() ?? install()
  } finally {
    lock.release()
  }
}

const missing =
  'The tests of the inbox need Chromium: install it (Debian: `apt-get install chromium`), or name one in EXEQUATUR_CHROMIUM.'

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function install(): string {
  console.error('Installing Chromium for the tests of the inbox (apt-get; about a minute, 400 MB) ...')
  for (const args of [['update'], packages]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) throw new Error(`${missing} apt-get ${args.join(' ')} said:\n${stderr}`)
  }
  const installed = onPath()
  if (!installed) throw new Error(missing)
  return installed
}

async function take(file: string): Promise<{ readonly release: () => void }> {
  for (;;) {
    const attempt = tryLock(file)
    if ('release' in attempt) return attempt
    await sleep(500)
  }
}
