import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { dataConverter, workflowsPath } from './data-converter.js'

/**
 * The workflow bundle, as code. `traced` puts the OpenTelemetry interceptors in. They add no commands, so histories
 * replay with and without them; but they cost the server about a fifth of its time, so they are for those who export
 * traces.
 */
export async function bundleWorkflows({ traced }: { readonly traced: boolean }): Promise<string> {
  const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url))
  const tracing = createRequire(import.meta.url).resolve(
    '@temporalio/interceptors-opentelemetry-v2/lib/workflow-interceptors',
  )
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    ...dataConverter,
    workflowInterceptorModules: [
      beside('./one-of-a-kind.js'),
      ...(traced ? [beside('./tracing-headers.js'), tracing] : []),
    ],
    logger: new DefaultLogger('WARN'),
  })
  return code
}
