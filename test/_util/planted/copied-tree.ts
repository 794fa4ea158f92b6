import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kept = ['src', 'workflows', 'activities', 'policies', 'examples', 'test', 'bin', 'package.json']
const kinds = ['tsconfig.json', 'tsconfig.build.json']

/** A copy of the sources to break, with the packages of the original. `remove` takes it away. */
export async function copyTree(root: string): Promise<{ readonly at: string; readonly remove: () => Promise<void> }> {
  const at = await mkdtemp(join(tmpdir(), 'exequatur-sabotage-'))
  for (const name of [...kept, ...kinds]) await cp(join(root, name), join(at, name), { recursive: true })
  await linkPackages(root, at)
  return { at, remove: () => rm(at, { recursive: true, force: true }) }
}

/** Every package but ourselves: the example has to get the broken product, not the sound one. */
async function linkPackages(root: string, at: string): Promise<void> {
  await mkdir(join(at, 'node_modules'))
  const own: Record<string, string> = { exequatur: '..', 'refund-desk': '../examples/refund-desk' }
  for (const name of await readdir(join(root, 'node_modules'))) {
    const target = own[name] ?? join(root, 'node_modules', name)
    await symlink(target, join(at, 'node_modules', name))
  }
}
