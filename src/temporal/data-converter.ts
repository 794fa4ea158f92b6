import { fileURLToPath } from 'node:url'
import { packageRoot } from '../package-root.js'

const built = (path: string) => fileURLToPath(new URL(`dist/${path}`, packageRoot))

/** The one data converter of bundle, workers, clients and replay. */
export const dataConverter = {
  payloadConverterPath: built('src/temporal/payload-converter.js'),
  failureConverterPath: built('src/temporal/failure-converter.js'),
} as const

/** The workflow bundle that the build writes. */
export const bundlePath = built('workflow-bundle.js')
export const workflowsPath = built('workflows/index.js')
