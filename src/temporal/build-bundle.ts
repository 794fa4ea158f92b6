import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { bundlePath, dataConverter, workflowsPath } from './data-converter.js'

/** Writes the workflow bundle once, so that no process spends its start on it. */
const { code } = await bundleWorkflowCode({
  workflowsPath,
  ...dataConverter,
  workflowInterceptorModules: [
    fileURLToPath(new URL('./tracing-headers.js', import.meta.url)),
    createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry-v2/lib/workflow-interceptors'),
  ],
  logger: new DefaultLogger('WARN'),
})
await writeFile(bundlePath, code)
