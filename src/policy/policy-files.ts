import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExequaturError } from '../domain/errors.js'
import { packageRoot } from '../package-root.js'
import type { PolicyFiles } from './policy-set.js'

/** The file that every deployment has, whatever its folder holds. */
export const defaultPack = 'default-pack.cedar'

/** The default pack and an adopter's folder of `*.cedar` files. Throws `EXQ-7001` if the folder cannot be read. */
export async function readPolicyFiles(folder: string): Promise<PolicyFiles> {
  const pack = new URL(`policies/${defaultPack}`, packageRoot)
  const files: Record<string, string> = { [defaultPack]: await readFile(pack, 'utf8') }
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ExequaturError('EXQ-7001', `the policies folder ${folder} cannot be read`, [], { cause: error })
  })
  for (const name of names.filter((name) => name.endsWith('.cedar')).sort()) {
    if (name in files) throw new ExequaturError('EXQ-7001', `${name} is the name of the default pack; choose another`)
    files[name] = await readFile(join(folder, name), 'utf8')
  }
  return files
}
