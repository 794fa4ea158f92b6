import pg from 'pg'
import type { ActionRef } from '../../src/domain/activities.js'
import type { Pool } from '../../src/ledger/pool.js'
import { type NewAttention, openAttention } from '../../src/ledger/queries/open-attention.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import type { CallOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import type { SignedResolution } from '../../src/ledger/queries/record-resolution.js'
import { intentFor } from './ledger-rows.js'

type Pools = { readonly serverPool: Pool; readonly executorPool: Pool }

/** A call of step1 that was made once, with what it came to, and the attention that asks people about it. */
export async function calledOnce(
  { serverPool, executorPool }: Pools,
  ref: ActionRef,
  effect: CallOutcome['effect'] = 'unknown',
): Promise<NewAttention> {
  await recordIntent(executorPool, await intentFor(serverPool, ref))
  const call = { ...ref, step: 'step1', phase: 'execute', generation: 0 } as const
  const output = effect === 'committed' ? { refund_id: 're_1' } : null
  await recordOutcome(executorPool, call, 1, { effect, output, error: null })
  const attention = { ...call, id: `att_of_${ref.action_id}`, ordinal: 1, reason: 'unknown', known: {} } as const
  await openAttention(serverPool, attention)
  return attention
}

/** A decision as its row holds it. Nobody signed it: the ledger keeps what it is given. */
export function resolutionRow(attention: NewAttention, changes: Partial<SignedResolution> = {}): SignedResolution {
  const { tenant, action_id, id, step, phase, generation } = attention
  return {
    kind: 'resolution',
    tenant,
    action_id,
    attention_id: id,
    step,
    phase,
    generation,
    revision: 1,
    facts: 2,
    state_digest: 'sha256:s',
    choice: 'attempt-again',
    reason: 'the bank has nothing',
    evidence: null,
    output: null,
    decided_by: 'person:bob',
    account: 'token:crd_bob',
    method: 'cli',
    self_decided: false,
    at: '',
    statement: '{}',
    key_id: 'key-1',
    signature: 'signature',
    own_key_id: null,
    own_signature: null,
    ...changes,
  }
}

/** As if a minute had passed since the calls of an action were made, answered, and looked at. */
export async function aMinuteLater(ownerUrl: string, { tenant, action_id }: ActionRef): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    // The ledger lets nobody change a row.
    await owner.query('set session_replication_role = replica')
    for (const [table, column] of [
      ['attempts', 'attempted_at'],
      ['outcomes', 'recorded_at'],
      ['looks', 'began_at'],
    ])
      await owner.query(
        `update ${table} set ${column} = ${column} - interval '1 minute' where tenant = $1 and action_id = $2`,
        [tenant, action_id],
      )
  } finally {
    await owner.end()
  }
}
