import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'

const run = promisify(execFile)
const home = resolve(process.env.EXEQUATUR_HOME || '.exequatur', 'demo')

describe('npm run demo', () => {
  let told = ''
  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ['bin/run.mjs', 'examples/refund-desk/demo.ts'], {
      env: { ...process.env, NO_COLOR: '1' },
      maxBuffer: 64 << 20,
    })
    told = stdout
  })

  test('tells all ten scenes, and everything it shows holds', () => {
    expect(told.match(/^\d+\. .+$/gm)).toEqual([
      '1. The agent reads an invoice',
      '2. It refunds 20.00',
      '3. It refunds 900.00: people decide',
      '4. It asks to delete a customer',
      '5. A plan of three steps, and the last one fails',
      '6. The executor is killed after the refund happened and before that was recorded',
      '7. The billing system says yes, and does nothing',
      '8. A finished run is reset to before its execution',
      '9. The agent floods, and is stopped while its refunds are in flight',
      '10. The trail of each, and all histories replay',
    ])
    expect(told).not.toMatch(/^ {3}NO /m)
    expect(told).toContain('All of it held.')
  })

  test('shows who may not approve, who did, and that a stop was not outrun', () => {
    expect(told).toMatch(/ok so is that of the agent's owner, though she is of finance now: EXQ-4003/)
    expect(told).toMatch(/ok one vote counted: signed with her own key, on her machine/)
    expect(told).toMatch(/ok of \d+ attempts in the ledger, none is newer than the acknowledgement of the stop/)
  })

  test('shows a decision in Slack: who was told, the click, and what the messages say afterwards', () => {
    expect(told).toMatch(/ok fred and the channel of finance are told/)
    expect(told).toMatch(/ok fred clicks Approve: executed, once/)
    expect(told).toMatch(/ok both messages now say who decided/)
  })

  test('shows what was claimed beside what was observed, and who decided', () => {
    expect(told).toMatch(/claimed +committed .*\n.*observed +not-committed/)
    expect(told).toMatch(/ok a person decides, signed with her own key: it did not happen/)
  })

  test('the downstreams counted exactly the effects that were told', async () => {
    const billing = await effectsIn(join(home, 'billing.jsonl'))
    const [flood, others] = [true, false].map((bulk) =>
      billing.filter(({ invoice }) => (invoice === 'in_bulk') === bulk),
    )
    expect(others?.map(({ effect, invoice, amount }) => [effect, invoice, amount])).toEqual([
      ['refund.created', 'in_200', 2_000],
      ['refund.created', 'in_900', 90_000],
      ['refund.created', 'in_900', 70_000],
      ['subscription.paused', undefined, undefined],
      ['subscription.resumed', undefined, undefined],
      ['refund.created', 'in_200', 1_500],
    ])
    // Those of before the stop, and the one after it was resumed.
    const done = Number(/ok of the 50 .*?(\d+) succeeded/.exec(told)?.[1])
    expect(flood).toHaveLength(done + 1)
    const tracker = await effectsIn(join(home, 'tracker.jsonl'))
    expect(tracker.map(({ effect }) => effect)).toEqual(['issue.created', 'issue.deleted'])
  })
})
