import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One exact change of a source file. */
export interface Change {
  readonly file: string
  readonly find: string
  readonly put: string
}

/** A mistake somebody could make, in every place where it has to be made to be one. */
export interface Planted {
  readonly name: string
  readonly changes: readonly Change[]
}

/** Why a change does not fit the sources any more; null if it fits exactly once. */
export function misfit(text: string, { file, find }: Change): string | null {
  const times = text.split(find).length - 1
  return times === 1 ? null : `the defect could not be planted: this is there ${times} times in ${file}: ${find}`
}

/** Plants a defect in the tree at `root`; resolves to what takes it out again. Throws where it does not fit. */
export async function plant(root: string, defect: Planted): Promise<() => Promise<void>> {
  const before = new Map<string, string>()
  const now = new Map<string, string>()
  for (const change of defect.changes) {
    const path = join(root, change.file)
    const text = now.get(path) ?? (await readFile(path, 'utf8'))
    if (!before.has(path)) before.set(path, text)
    const problem = misfit(text, change)
    if (problem) throw new Error(`${defect.name}: ${problem}`)
    now.set(
      path,
      text.replace(change.find, () => change.put),
    )
  }
  for (const [path, text] of now) await writeFile(path, text)
  return async () => {
    for (const [path, text] of before) await writeFile(path, text)
  }
}
