import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { FinalLine } from './checker/evidence.js'
import { apiOf } from './clients/api.js'
import { openJournal } from './clients/journal.js'
import type { CampaignStack } from './stack/open-stack.js'

interface Seen {
  readonly outcome: string | null
  readonly stage: string
  readonly steps: readonly { readonly id: string; readonly status: string; readonly effect: string | null }[]
}

/** Looks at each action through the API until it has ended or waits for a person, and keeps what was said of it last. */
export async function waitUntilSettled(
  stack: CampaignStack,
  actions: readonly { readonly tenant: string; readonly action_id: string }[],
  withinSeconds: number,
): Promise<void> {
  const started = Date.now()
  const seconds = () => (Date.now() - started) / 1_000
  const final = new Map<string, FinalLine>()
  const ledger = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 })
  let open = actions
  while (open.length > 0) {
    const still: (typeof open)[number][] = []
    for (const action of open) {
      const line = await look(action)
      final.set(`${action.tenant}/${action.action_id}`, line)
      if (line.outcome === null && line.waits === null) still.push(action)
    }
    if (seconds() > withinSeconds) break
    open = still
    if (open.length > 0) await pause(1_000)
  }
  await ledger.end()
  const journal = openJournal(join(stack.home, 'final.jsonl'))
  for (const line of final.values()) journal.write({ ...line })
  journal.close()

  async function look({ tenant, action_id }: (typeof actions)[number]): Promise<FinalLine> {
    const api = apiOf(stack.api, stack.tokens[tenant]?.people.olga ?? '')
    const { status, body } = await api('GET', `/v1/actions/${action_id}`)
    const { outcome = null, steps = [] } = body as unknown as Seen
    return {
      tenant,
      action_id,
      status: status ?? 0,
      outcome,
      steps: steps.map(({ id, status: state, effect }) => ({ id, status: state, effect })),
      waits: outcome === null && status === 200 && (await isAsked(tenant, action_id)) ? 'person' : null,
      seconds_after_faults: seconds(),
    }
  }

  /** A person has been asked to settle it, and has not decided. */
  async function isAsked(tenant: string, action_id: string): Promise<boolean> {
    const { rowCount } = await ledger.query(
      `select from attentions t where tenant = $1 and action_id = $2
         and not exists (select from resolutions r where r.tenant = t.tenant and r.attention_id = t.id)`,
      [tenant, action_id],
    )
    return (rowCount ?? 0) > 0
  }
}
