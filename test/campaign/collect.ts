import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import pg from 'pg'
import { replayHistories } from '../../src/temporal/replay.js'
import { openJournal } from './clients/journal.js'
import type { CampaignStack } from './stack/open-stack.js'

const run = promisify(execFile)
const mostHistories = 150

/** Exports what the judge cannot reach by itself: histories, through Temporal's own program, and where a secret leaked. */
export async function collect(stack: CampaignStack, canary: string): Promise<void> {
  await exportHistories(stack)
  await writeFile(join(stack.home, 'leaks.json'), JSON.stringify(await findLeaks(stack, canary)))
  await writeFile(join(stack.home, 'claims.json'), JSON.stringify(await readClaims(stack)))
}

async function exportHistories({ home, temporal }: CampaignStack): Promise<void> {
  const cli = async (...args: string[]) => {
    const where = ['--address', temporal.address, '--namespace', temporal.namespace]
    return (await run(temporal.binary, ['workflow', ...args, ...where, '-o', 'json'], { maxBuffer: 256 << 20 })).stdout
  }
  const listed = JSON.parse(await cli('list', '--limit', String(mostHistories))) as {
    readonly execution: { readonly workflowId: string; readonly runId: string }
    readonly type: { readonly name: string }
  }[]
  const folder = join(home, 'histories')
  await mkdir(folder, { recursive: true })
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  const found: { type: string; workflowId: string; history: { events: unknown[] } }[] = []
  for (const { execution, type } of listed.filter(({ type }) => type.name === 'actionRequest')) {
    // What was deleted is listed for a while longer.
    const text = await cli('show', '-w', execution.workflowId, '-r', execution.runId).catch(() => null)
    if (text === null) continue
    await writeFile(join(folder, `${execution.runId}.json`), text)
    found.push({ type: type.name, workflowId: execution.workflowId, history: JSON.parse(text) })
  }
  const journal = openJournal(join(home, 'histories.jsonl'))
  const replays = replayHistories(found)
  for (const { type, workflowId: workflow_id, history } of found) {
    const problem = (await replays.next()).value as Error | null
    const detail = problem && String(problem)
    journal.write({ workflow_id, type, events: history.events.length, replays: problem === null, detail })
  }
  journal.close()
}

async function findLeaks({ home, databaseUrl }: CampaignStack, canary: string): Promise<string[]> {
  const leaks: string[] = []
  for (const folder of ['logs', 'histories']) {
    for (const file of await readdir(join(home, folder))) {
      if ((await readFile(join(home, folder, file))).includes(canary)) leaks.push(`${folder}/${file}`)
    }
  }
  const ledger = new pg.Client({ connectionString: databaseUrl })
  await ledger.connect()
  try {
    const { rows } = await ledger.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    )
    for (const { name } of rows) {
      const query = `select from ${ledger.escapeIdentifier(name)} t where t::text like '%' || $1 || '%' limit 1`
      if ((await ledger.query(query, [canary])).rowCount) leaks.push(`table ${name}`)
    }
  } finally {
    await ledger.end()
  }
  return leaks
}

/** Our ledger by plain SQL, times in milliseconds: what we claim. */
async function readClaims({ databaseUrl }: CampaignStack): Promise<Record<string, unknown[]>> {
  const ledger = new pg.Client({ connectionString: databaseUrl })
  await ledger.connect()
  const ms = (column: string) => `round(extract(epoch from ${column}) * 1000)::float8 as ${column}`
  const call = 'tenant, action_id, step, phase, generation'
  const all = async (sql: string) => (await ledger.query(sql)).rows as unknown[]
  try {
    return {
      actions: await all(
        `select tenant, id, request_id, outcome, ${ms('admitted_at')}, ${ms('ended_at')} from actions`,
      ),
      intents: await all(`select ${call}, idempotency_key, envelope_digest, tool, ${ms('intended_at')} from intents`),
      attempts: await all(`select ${call}, attempt, ${ms('attempted_at')} from attempts`),
      outcomes: await all(`select ${call}, attempt, effect, ${ms('recorded_at')} from outcomes`),
      consumptions: await all('select tenant, envelope_digest, step, action_id, generation from consumptions'),
      attentions: await all(`select tenant, action_id, step, ${ms('opened_at')} from attentions`),
      trails: await all(
        'select tenant, seq::float8, action_id, run_id, history, history_digest, previous, digest from trails order by tenant, seq',
      ),
    }
  } finally {
    await ledger.end()
  }
}
