import { mkdir, writeFile } from 'node:fs/promises'
import { packageRoot } from '../package-root.js'
import { pages } from './pages.js'

/** Writes the pages in `docs/` that are made from the code. */
const folder = new URL('docs/', packageRoot)
await mkdir(folder, { recursive: true })
for (const [name, describe] of Object.entries(pages)) await writeFile(new URL(name, folder), describe())
