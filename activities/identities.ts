import { Context } from '@temporalio/activity'
import type { Admitted } from '../src/evidence/admitted.js'
import type { Identities } from '../src/ledger/queries/record-intent.js'

/** Who stands behind what this activity records: whom the admitted request names, and the workflow that asked. */
export function identitiesOf({ request }: Admitted): Identities {
  const run = Context.current().info.workflowExecution
  return {
    agent: request.agent,
    on_behalf_of: request.on_behalf_of ?? null,
    actors: request.actors ?? [],
    workflow_id: run?.workflowId ?? null,
    run_id: run?.runId ?? null,
  }
}
