import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { ControlPlane } from '../../src/control-plane/control-plane.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import type { InboxRules } from '../../src/control-plane/sign-in/inbox-rules.js'
import { freePort } from '../../src/dev/ports.js'
import { packageRoot } from '../../src/package-root.js'
import { permitDesk } from '../_util/policies.js'
import { type HttpDesk, openHttpDesk } from '../surfaces/http-desk.js'
import { openBrowser, usual } from './browser.js'
import { credit, giveCredit } from './tools.js'

/** The built inbox on a real server and a real ledger, and a browser in front of it. */
export interface InboxDesk extends HttpDesk {
  readonly browser: Browser
  /** As browsers have to name it: passkeys work on `localhost` only. */
  readonly url: string
  /** A page of its own browser context, with somebody signed in. Fails the test on errors in the page. */
  readonly openAs: (token: string, path?: string, options?: BrowserContextOptions) => Promise<Page>
  /** Closes all pages, with their contexts. */
  readonly closePages: () => Promise<void>
  /** A new context with nobody signed in. */
  readonly openPage: (path: string, options?: BrowserContextOptions) => Promise<Page>
  /** A credit that people are asked about; resolves to the ids of action and approval request. */
  readonly ask: (name: string, changes?: { readonly args?: object; readonly context?: object }) => Promise<Asked>
  /** A further person; resolves to their token. */
  readonly person: (name: string, ...groups: string[]) => Promise<string>
  readonly askFor: (name: string, request: Wanted, approvalTtlMs?: number) => Promise<Asked>
}

interface Wanted {
  readonly tool: string
  readonly args: object
  readonly context?: object | undefined
}

export interface Asked {
  readonly action: string
  readonly approval: string
}

export async function openInboxDesk(
  changes: (url: string) => Partial<Pick<ControlPlane, 'accessTokens'> & InboxRules> = () => ({}),
): Promise<InboxDesk> {
  // Below what the system gives to whoever wants any port, so that nobody gets it before the server listens.
  const port = await freePort(20_000 + (process.pid % 12_000))
  const url = `http://localhost:${port}`
  const { accessTokens, ...rules } = changes(url)
  const desk = await openHttpDesk({ inboxFolder: fileURLToPath(new URL('dist/inbox', packageRoot)) }, permitDesk, {
    inbox: { publicUrl: url, signInForMs: 28_800_000, idleForMs: 3_600_000, issuers: [], ...rules },
    ...(accessTokens && { accessTokens }),
  })
  await publishContracts(desk.database.executorPool, ['acme'], [giveCredit])
  await desk.app.listen({ port, host: 'localhost' })
  const browser = await openBrowser()
  const complaints: string[] = []
  const openPage = async (path: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ...usual, ...options, baseURL: url })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // What the browser says of answers such as 401 is no error of the page.
      if (page.url().startsWith(url) && message.type() === 'error' && !/^Failed to load resource/.test(message.text()))
        complaints.push(message.text())
    })
    await page.goto(path)
    return page
  }
  const askFor = async (name: string, wanted: Wanted, approvalTtlMs = 3_600_000) => {
    const context = { request_id: name, ticket_id: 'zd_1', requires_approval: true, ...wanted.context }
    const { status, body } = await desk.submit({ ...wanted, context })
    if (status !== 202) throw new Error(JSON.stringify(body))
    return { action: body.id, approval: await desk.askPeople(body, approvalTtlMs) }
  }
  return {
    ...desk,
    browser,
    url,
    openPage,
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    openAs: async (token, path = '/inbox', options = {}) => {
      const { body } = await desk.call('POST', '/v1/sign-in-links', { token, body: {} })
      const page = await openPage(body.url, options)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('navigation').waitFor()
      if (path !== '/inbox') await page.goto(path)
      return page
    },
    ask: (name, changes = {}) =>
      askFor(name, {
        tool: 'give_credit',
        args: credit({ account: `acct_${name}`, ...changes.args }),
        context: changes.context,
      }),
    askFor,
    person: async (name, ...groups) =>
      (await createPrincipal(desk.plane, { tenant: 'acme', kind: 'person', name, groups, by: 'test' })).token,
    close: async () => {
      await browser.close()
      await desk.close()
      if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`)
    },
  }
}
