import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePrincipals } from '../../src/dev/principals.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { browserHookMs, openBrowser, usual } from '../inbox/browser.js'
import { type Message, textIn } from '../slack/slack-desk.js'
import { exq } from '../surfaces/cli-run.js'

let desk: TestDesk
let browser: Browser
let gail: string
beforeAll(async () => {
  desk = await openTestDesk('three-surfaces', { slack: true })
  const person = { tenant: 'acme', kind: 'person', name: 'gail', groups: ['finance'] } as const
  const { people } = await ensurePrincipals(desk.dev.database_url, [person], desk.dev.tokens)
  gail = people.gail ?? ''
  browser = await openBrowser()
}, browserHookMs)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

async function inSlack(invoice: string): Promise<Message | undefined> {
  const answer = await fetch(`${desk.slack?.url}/_messages?user=UFRED`)
  const { messages } = (await answer.json()) as { messages: Message[] }
  return messages.findLast((message) => textIn(message).includes(invoice))
}

const click = ({ channel, ts }: Message, button: string) =>
  fetch(`${desk.slack?.url}/_click`, {
    method: 'POST',
    body: JSON.stringify({ user: 'UFRED', channel, ts, action_id: `exequatur-${button}` }),
  })

const onCommandLine = (...args: string[]) => exq(args, { env: { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: gail } })

async function inInbox(approval: string): Promise<Page> {
  const { body } = await desk.person('ann').post<{ url: string }>('/v1/sign-in-links', {})
  const page = await (await browser.newContext(usual)).newPage()
  await page.goto(body.url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').waitFor()
  await page.goto(new URL(`/inbox/approvals/${approval}`, body.url).href)
  await page.getByText('Live', { exact: true }).waitFor()
  return page
}

/** Asks for a refund; resolves once all three are shown it, each with the finger on the button. */
async function ask() {
  const invoice = await desk.invoice()
  const { id } = (await desk.agent.ask('refund_invoice', refund(90_000, invoice), 0)).body
  await until('fred is told', async () => (await inSlack(invoice)) !== undefined)
  const approval = (await desk.agent.get(`/v1/actions/${id}`)).body.approval?.id ?? ''
  return { id, approval, invoice, message: (await inSlack(invoice)) as Message, page: await inInbox(approval) }
}

const votesOn = async (approval: string) =>
  (await desk.person('ann').get<{ votes: Vote[] }>(`/v1/approvals/${approval}`)).body.votes
const counting = async (approval: string) => (await votesOn(approval)).filter(({ counts }) => counts)

const tooLate = /EXQ-4002|EXQ-4004|While you looked/

/** What each surface said to whoever decided there: that it is recorded, or why it is not. Neither is told untruly. */
async function expectTruth(approval: string, page: Page, cli: { readonly code: number; readonly stderr: string }) {
  const voted = async (name: string) => (await votesOn(approval)).some(({ approver }) => approver === `person:${name}`)
  expect({ code: cli.code, late: tooLate.test(cli.stderr) }).toEqual(
    (await voted('gail')) ? { code: 0, late: false } : { code: 1, late: true },
  )
  await until('Slack has recorded the click, or says why not', async () => {
    const answer = await fetch(`${desk.slack?.url}/_ephemerals?user=UFRED`)
    const { ephemerals } = (await answer.json()) as { ephemerals: Message[] }
    const told = ephemerals.map(textIn).filter((text) => text.includes(approval))
    return (await voted('fred')) !== told.some((text) => tooLate.test(text))
  })
  const told = (await page.locator('.standing').first().textContent()) ?? ''
  expect((await voted('ann')) || tooLate.test(told)).toBe(true)
}

interface Vote {
  readonly approver: string
  readonly vote: string
  readonly counts: boolean
}

describe('one request, decided in Slack, in the inbox and on the command line in the same second', () => {
  test('by three who approve is done once, and each shows who did', async () => {
    const { id, approval, invoice, message, page } = await ask()
    await page.getByRole('button', { name: /^Approve …/ }).click()
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Approve' })
    await confirm.waitFor()
    const [cli] = await Promise.all([
      onCommandLine('approve', approval, '--reason', 'looked at it', '--yes'),
      click(message, 'approve'),
      // Where another was faster the question is gone before it is answered.
      confirm.click({ timeout: 5_000 }).catch(() => undefined),
    ])
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
    expect(await desk.refunds(invoice)).toBe(1)
    const votes = await counting(approval)
    expect(votes.length).toBeGreaterThan(0)
    await page.getByText('Nothing is left to decide.').waitFor()
    await expectTruth(approval, page, cli)
    await until('the inbox shows who decided', async () => {
      const shown = (await page.locator('.standing').first().textContent()) ?? ''
      return votes.every(({ approver }) => shown.includes(approver.replace('person:', '')))
    })
    await until('Slack shows who decided', async () => {
      const shown = textIn(await inSlack(invoice))
      return votes.every(({ approver }) => shown.includes(approver))
    })
    const { stdout } = await onCommandLine('show', approval)
    for (const { approver } of votes) expect(stdout).toContain(approver)
    expect(await page.getByRole('button', { name: /^(Approve|Reject) …/ }).count()).toBe(0)
    expect(
      (await inSlack(invoice))?.blocks.flatMap(({ elements = [] }) => elements).map(({ action_id }) => action_id),
    ).not.toContain('exequatur-approve')
  })

  test('by two who approve and one who rejects comes to one of both, and each shows the same', async () => {
    const { id, approval, invoice, message, page } = await ask()
    await page.getByRole('button', { name: /^Reject …/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Reason/).fill('not without a ticket')
    const [cli] = await Promise.all([
      onCommandLine('approve', approval, '--reason', 'looked at it', '--yes'),
      click(message, 'approve'),
      dialog
        .getByRole('button', { name: 'Reject' })
        .click({ timeout: 5_000 })
        .catch(() => undefined),
    ])
    const { outcome } = await desk.agent.ended(id)
    expect(['succeeded', 'rejected']).toContain(outcome)
    const rejected = outcome === 'rejected'
    expect(await desk.refunds(invoice)).toBe(rejected ? 0 : 1)
    await page
      .locator('.standing')
      .filter({ hasText: rejected ? /Rejected by ann/ : /Approved by/ })
      .waitFor()
    await expectTruth(approval, page, cli)
    await until('Slack shows it', async () => /rejected/i.test(textIn(await inSlack(invoice))) === rejected)
    const { stdout } = await onCommandLine('show', approval, '-o', 'json')
    expect(JSON.parse(stdout).state).toBe(rejected ? 'rejected' : 'approved')
  })
})
