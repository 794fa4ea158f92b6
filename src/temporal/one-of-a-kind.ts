import type { WorkflowInterceptors, WorkflowInternalsInterceptor } from '@temporalio/workflow'

/**
 * Of the signals that arrive together, the first of each name: a signal says only "look again", and that need not be
 * said twice. Each one handled makes promises, so that thousands in one activation outlast the time a workflow has, and
 * Node ends the process when it is cut off within a hook of theirs. Adds and takes away no commands.
 */
const internals: WorkflowInternalsInterceptor = {
  activate: (input, next) => {
    const names = new Set<unknown>()
    const kept = (input.activation.jobs ?? []).filter(({ signalWorkflow }) => {
      if (!signalWorkflow) return true
      const known = names.has(signalWorkflow.signalName)
      names.add(signalWorkflow.signalName)
      return !known
    })
    next({ ...input, activation: { ...input.activation, jobs: kept } })
  },
}

export const interceptors = (): WorkflowInterceptors => ({ internals: [internals] })
