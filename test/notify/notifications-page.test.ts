import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { DeliveryView } from '../../src/control-plane/deliveries/list-deliveries.js'
import { tellMoney } from '../../src/domain/money.js'
import { cloudEvent } from '../../src/notify/cloud-event.js'
import { packageRoot } from '../../src/package-root.js'
import { toldPage } from '../_util/told-page.js'
import { startApi } from '../surfaces/cli-api-server.js'

const page = new URL('docs/NOTIFICATIONS.md', packageRoot)
const at = '2026-06-17T10:00:00Z'
const approval = 'apr_hpxxrjvpfjgmlzeu5vyejuooxz'
const sent = {
  tenant: 'acme',
  id: 'dlv_au3cduhvshcut6nksg7dh3kqoc',
  about: { kind: 'approval', id: approval },
  action_id: 'act_u6pshvymhlwag5gh3m7eebobc2',
  notice: 'asked',
  ordinal: 1,
  noticed_at: at,
  closed_as: null,
  to: '',
  recipients: ['person:ann'],
} as const
const givenUp: DeliveryView = {
  ...sent,
  channel: 'slack',
  to: 'person:ann',
  state: 'given-up',
  tries: 310,
  queued_at: at,
  age_seconds: 93_700,
  next_at: null,
  last_error: 'the channel is away',
}
const pending: DeliveryView = {
  ...givenUp,
  id: 'dlv_bq4dfuhvshcut6nksg7dh3kqoc',
  about: { kind: 'approval', id: 'apr_jk2xrjvpfjgmlzeu5vyejuooxz' },
  channel: 'webhook',
  to: '',
  state: 'pending',
  tries: 5,
  age_seconds: 40,
  next_at: '2026-06-17T10:00:30Z',
  last_error: 'the receiver answered 503',
}

test('docs/NOTIFICATIONS.md shows what `exq deliveries` says', async () => {
  const api = await startApi({ 'GET /v1/deliveries': { items: [givenUp, pending], next: null } })
  const text = await readFile(page, 'utf8')
  const run = async (command: string) => (await api.run(command.split(' ').slice(1, 2))).stdout.trimEnd()
  const told = await toldPage(text, run, (shown) => shown)
  await api.close()
  await expect(told).toMatchFileSnapshot(page.pathname)
})

test('docs/NOTIFICATIONS.md shows an event as it is sent', async () => {
  const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? []
  const amount = { cents: 90_000, currency: 'usd' }
  const described = {
    headline: `Refund ${tellMoney(amount)} on invoice in_123`,
    risk: 'medium',
    amount,
    expires_at: '2026-06-18T10:00:00Z',
    state: 'waiting',
    link: `https://exequatur.example.com/inbox/approvals/${approval}`,
  } as const
  expect(JSON.parse(shown)).toEqual(cloudEvent('refund-desk', sent, described))
})
