import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNpm } from './run-npm.mjs'

/** Runs `npm ci` unless the folder `node_modules` is what package-lock.json asks for. */
export async function install(root) {
  const lockFile = join(root, 'package-lock.json')
  if (!existsSync(lockFile)) throw new Error(`${lockFile} is missing: this is not a clone of Exequatur`)
  const digest = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamp = join(root, 'node_modules', '.exequatur-installed')
  const installedLock = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(installedLock)) {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
    // Somebody may have run npm by hand: then look at what is really there.
    if (fits(lockFile, installedLock)) return writeFileSync(stamp, digest)
  }
  await runNpm(root, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    doing: 'Installing the packages (npm ci; about half a minute, 600 MB)',
    failed: 'The packages could not be installed. Is the network there? `npm ci` shows more.',
  })
  writeFileSync(stamp, digest)
}

// npm writes down what it installed in the form of a lock. Packages for other systems are left out of that.
function fits(lockFile, installedLock) {
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  const asked = Object.entries(wanted).filter(([path]) => path !== '')
  return (
    asked.every(([path, { version, optional }]) =>
      installed[path] === undefined ? optional === true : installed[path].version === version,
    ) && Object.keys(installed).every((path) => wanted[path] !== undefined)
  )
}
