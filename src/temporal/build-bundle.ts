import { writeFile } from 'node:fs/promises'
import { bundleWorkflows } from './bundle.js'
import { bundlePath } from './data-converter.js'

/** Writes the workflow bundle once, so that no process spends its start on it. */
await writeFile(bundlePath, await bundleWorkflows({ traced: false }))
