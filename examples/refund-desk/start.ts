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
  await tellSignIns(desk)
  await tellOfChanges(desk)
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

/** One refund that waits: the one of an earlier start while it still does, else a new one. */
async function askForSample({ dev }: Desk): Promise<void> {
  const agent = connect(dev, dev.tokens.agents.support_refunds_v2 ?? '')
  const args = { invoice_id: 'in_bulk', reason_code: 'service_issue', amount_cents: 90_000 }
  for (let number = 1; ; number += 1) {
    const { body } = await agent.ask('refund_invoice', args, 1, `sample-refund-${number}`)
    if (body.outcome === null) return
  }
}

/** Policies that were edited since the last start, and loosen, are not in force: this says what to do. */
async function tellOfChanges({ dev }: Desk): Promise<void> {
  const ann = connect(dev, dev.tokens.people.ann ?? '')
  const { body } = await ann.get<{ items: readonly { id: string; state: string; reasons: readonly string[] }[] }>(
    '/v1/policy/changes',
  )
  const waiting = body.items.find(({ state }) => state === 'waiting')
  if (!waiting) return
  const lines = [
    '',
    pc.yellow('The policies in examples/refund-desk/policies/ were changed, and the change is NOT in force yet:'),
    ...waiting.reasons.map((reason) => `  ${reason}`),
    'It loosens, so two people of the group policy (ann, fred, omar) have to agree:',
    `  npx exq policy changes ${waiting.id} --as ann     # what it changes`,
    `  npx exq policy agree ${waiting.id} --as ann`,
    `  npx exq policy agree ${waiting.id} --as fred`,
    pc.dim("For development `policyChanges: 'immediate'` in exequatur.config.ts puts every change in force at once."),
  ]
  console.log(lines.join('\n'))
}

/** One-time links, so that somebody can be ann in one browser and omar in another. */
async function tellSignIns({ dev }: Desk): Promise<void> {
  const links = await Promise.all(
    ['ann', 'omar'].map(async (name) => {
      const { body } = await connect(dev, dev.tokens.people[name] ?? '').post<{ url: string }>('/v1/sign-in-links', {})
      return `  ${name.padEnd(6)} ${body.url}`
    }),
  )
  const end = pc.dim('Ctrl-C stops all of it; what happened stays.')
  console.log(['', pc.bold('Or in a browser, each link once, within ten minutes:'), ...links, '', end].join('\n'))
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
    '  npx exq submit refund_invoice --arg invoice_id=in_bulk --arg reason_code=duplicate_charge --arg amount_cents=2000 --ticket zd_1 --as support_refunds_v2 --wait',
    '  npx exq list --as ann',
  ]
  console.log(lines.join('\n'))
}
