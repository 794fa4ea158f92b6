import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNpm } from './run-npm.mjs'

const sources = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'src',
  'workflows',
  'activities',
]

/** Runs `npm run build` unless `dist` was built from exactly these sources. */
export async function build(root) {
  const dist = join(root, 'dist')
  const stamp = join(dist, '.built-from')
  const digest = digestOf(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  // Not over the old one: what no longer has a source would stay.
  rmSync(dist, { recursive: true, force: true })
  await runNpm(root, ['run', 'build', '--silent'], {
    doing: 'Building (npm run build; a few seconds)',
    failed: 'The build failed.',
  })
  writeFileSync(stamp, digest)
}

function digestOf(root) {
  const hash = createHash('sha256').update(process.version)
  for (const source of sources) {
    for (const file of filesOf(root, source)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function filesOf(root, source) {
  if (!existsSync(join(root, source))) return []
  if (/\.(json|ts)$/.test(source)) return [source]
  const entries = readdirSync(join(root, source), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort()
}
