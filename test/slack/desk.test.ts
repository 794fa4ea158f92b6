import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startStandIn } from '../../examples/refund-desk/stand-ins/start-stand-in.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { type Message, textIn } from './slack-desk.js'

let desk: TestDesk
let workspace: { readonly url: string; readonly kill: () => Promise<void>; readonly ledger: string }

beforeAll(async () => {
  desk = await openTestDesk('slack', { slack: true })
  if (!desk.slack) throw new Error('the desk has no workspace')
  workspace = desk.slack
})

afterAll(async () => {
  await workspace?.kill()
  await desk?.close()
})

/** The newest message to somebody about one invoice. */
async function told(user: string, invoice: string): Promise<Message | undefined> {
  const answer = await fetch(`${workspace.url}/_messages?user=${user}`)
  const { messages } = (await answer.json()) as { messages: Message[] }
  return messages.findLast((message) => textIn(message).includes(invoice))
}

async function ask(invoice: string) {
  const { body } = await desk.agent.ask('refund_invoice', refund(90_000, invoice), 0)
  return body
}

/** Fred approves, so many times at once; the server may be connecting just then. */
async function click(invoice: string, times = 1): Promise<void> {
  const { channel, ts } = (await told('UFRED', invoice)) as Message
  const body = JSON.stringify({ user: 'UFRED', channel, ts, action_id: 'exequatur-approve', times })
  await until('the click arrives', async () => {
    const answer = await fetch(`${workspace.url}/_click`, { method: 'POST', body })
    const { deliveries } = (await answer.json()) as { deliveries?: { delivered: boolean }[] }
    return deliveries?.some(({ delivered }) => delivered) === true
  })
}

describe('on the real stack', () => {
  test('people are told in Slack, approve there, and it is done once', async () => {
    const invoice = await desk.invoice()
    const { id } = await ask(invoice)
    await until('both are told', async () => Boolean((await told('UANN', invoice)) && (await told('UFRED', invoice))))
    expect(textIn(await told('UFRED', invoice))).toContain('$900.00')
    await click(invoice, 2)
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
    const [vote, ...more] = await desk.rows<{ approver: string; method: string; account: string }>(
      'select approver, method, account from votes where action_id = $1',
      [id],
    )
    expect(vote).toEqual({ approver: 'person:fred', method: 'slack', account: 'oidc:slack:T0DESK#UFRED' })
    expect(more).toEqual([])
    for (const user of ['UANN', 'UFRED'])
      await until(`${user} sees who decided`, async () =>
        textIn(await told(user, invoice)).includes('by person:fred (slack)'),
      )
  })

  test('while the workspace is gone everything else goes on, and its messages follow once it is back', async () => {
    const before = await desk.invoice()
    const first = await ask(before)
    await until('fred is told', async () => (await told('UFRED', before)) !== undefined)
    await workspace.kill()
    const gone = workspace
    const held = (await desk.agent.get(`/v1/actions/${first.id}`)).body
    expect((await desk.approve(held, 'ann')).status).toBe(200)
    expect((await desk.agent.ended(first.id)).outcome).toBe('succeeded')
    const during = await desk.invoice()
    const second = await ask(during)
    const port = Number(new URL(workspace.url).port)
    const options = { ledger: join(dirname(workspace.ledger), 'slack.jsonl'), port }
    // Somebody else may have its port for a while.
    await until('the workspace is back', async () => {
      workspace = await startStandIn('slack', options).catch(() => workspace)
      return workspace !== gone
    })
    await until('fred sees who decided', async () => textIn(await told('UFRED', before)).includes('by person:ann'))
    await until('fred is told what was asked meanwhile', async () => (await told('UFRED', during)) !== undefined)
    await click(during)
    expect((await desk.agent.ended(second.id)).outcome).toBe('succeeded')
  }, 180_000)
})
