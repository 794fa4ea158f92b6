import type { Stage } from './scenes.js'
import { until } from './until.js'

interface Message {
  readonly channel: string
  readonly ts: string
  readonly blocks: readonly unknown[]
}

/** A second refund that people decide on: this time by a click in Slack. */
export async function approveInSlack({ agent, desk, tell, actions }: Stage): Promise<void> {
  if (!desk.slack) return
  const { url } = desk.slack
  const args = { invoice_id: 'in_900', reason_code: 'service_issue', amount_cents: 70_000 }
  const { body } = await agent.ask('refund_invoice', args, 0)
  tell.note('it asks for 700.00 more; this one is decided in Slack')
  const messages = async (where: string) => {
    const answer = await fetch(`${url}/_messages?${where}`)
    return ((await answer.json()) as { messages: Message[] }).messages.filter((each) =>
      textOf(each).includes('$700.00'),
    )
  }
  await until(async () => (await messages('user=UFRED')).length === 1, 'fred is told in Slack')
  const [message] = await messages('user=UFRED')
  for (const line of textOf(message).split('\n').slice(0, 3)) tell.note(`  | ${line}`)
  await until(async () => (await messages('channel=finance')).length === 1, 'the channel is told')
  tell.shows(
    textOf(message).includes('Approval needed') && textOf(message).includes('in_900'),
    'fred and the channel of finance are told: amount and target first, then why, by whom, and until when',
  )
  const click = { user: 'UFRED', channel: message?.channel, ts: message?.ts, action_id: 'exequatur-approve' }
  await fetch(`${url}/_click`, { method: 'POST', body: JSON.stringify(click) })
  const ended = await agent.ended(body.id)
  actions.push(ended)
  tell.shows(ended.outcome === 'succeeded', 'fred clicks Approve: executed, once')
  const decided = async (where: string) => {
    const text = textOf((await messages(where))[0])
    return text.includes('Approved') && text.includes('by person:fred (slack)') && !text.includes('Reject')
  }
  await until(async () => (await decided('user=UFRED')) && (await decided('channel=finance')), 'the messages change')
  tell.shows(true, 'both messages now say who decided, and have no buttons any more')
}

/** All that can be read in a message, without the marks around the words of others. */
function textOf(message: Message | undefined): string {
  const texts: string[] = []
  JSON.stringify(message?.blocks ?? [], (key, value) => {
    if (key === 'text' && typeof value === 'string') texts.push(value)
    return value
  })
  return texts.join('\n').replaceAll(/[\u2068\u2069]/g, '')
}
