/** The Temporal workflow id of an action. */
export function workflowId(tenant: string, actionId: string): string {
  return `${tenant}/${actionId}`
}

/** The inverse of {@link workflowId}; null for an id that is not ours. */
export function actionOfWorkflow(id: string): { tenant: string; action_id: string } | null {
  const match = /^([a-z0-9-]+)\/(act_[a-z2-7]{26})$/.exec(id)
  return match ? { tenant: match[1] as string, action_id: match[2] as string } : null
}

/** The task queue of an executor pool. */
export function poolQueue(pool: string): string {
  return `exequatur-${pool}`
}

/** The task queue of the decision worker. */
export const decisionQueue = 'exequatur'

export const requestIdPattern = /^[A-Za-z0-9._-]{1,100}$/
export const stepIdPattern = /^[a-z][a-z0-9_]*$/
export const tenantPattern = /^[a-z0-9-]{1,63}$/
