import { resolve } from 'node:path'
import pc from 'picocolors'
import { connect } from './demo/desk-client.js'
import { type Desk, openDesk } from './desk.js'
import { aborted, stopping } from './stopping.js'

/** The refund desk, left running, with one refund that waits for approval. */
const home = resolve(process.env.EXEQUATUR_HOME || '.exequatur')
const say = (line: string) => console.error(pc.dim(line))
const stop = stopping()

let desk: Desk | undefined
try {
  desk = await openDesk({ home, say, signal: stop })
  await askForSample(desk)
  tellWhatToDo(desk)
  await aborted(stop)
  say('Stopping.')
} catch (error) {
  if (!stop.aborted) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)))
    process.exitCode = 1
  }
} finally {
  await desk?.close()
}

/** Asks once; on a later start this is the same action. */
async function askForSample({ dev }: Desk): Promise<void> {
  const agent = connect(dev, dev.tokens.agents.support_refunds_v2 ?? '')
  await agent.ask(
    'refund_invoice',
    { invoice_id: 'in_900', reason_code: 'service_issue', amount_cents: 90_000 },
    1,
    'sample-refund',
  )
}

function tellWhatToDo({ dev }: Desk): void {
  const { api, temporal, downstreams } = dev
  const lines = [
    '',
    pc.bold('Exequatur is running.'),
    `  API           ${api}   (${api}/openapi.json)`,
    `  Temporal UI   ${temporal.ui ?? 'not known'}`,
    `  Billing       ${downstreams.billing?.url}   effects: ${downstreams.billing?.ledger}`,
    `  Tracker       ${downstreams.tracker?.url}   effects: ${downstreams.tracker?.ledger}`,
    '  People        ann and fred of finance, omar of security, olga of support',
    `  Everything    ${home}/dev.json, with the tokens`,
    '',
    pc.bold('A refund of 900.00 waits for somebody of finance. In another terminal:'),
    '  npx exq inbox --as ann',
    '  npx exq approve <approval id> --as ann --reason "checked"',
    '  npx exq submit refund_invoice --arg invoice_id=in_123 --arg reason_code=duplicate_charge --ticket zd_1 --as support_refunds_v2 --wait',
    '  npx exq list --as ann',
    '',
    pc.dim('Ctrl-C stops all of it; what happened stays.'),
  ]
  console.log(lines.join('\n'))
}
