import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Issuer } from '../../src/contract/issuer.js'
import { linkAccount, unlinkAccount } from '../../src/control-plane/accounts.js'
import { createAccessTokens } from '../../src/identity/access-tokens.js'
import { createOidcSignIns } from '../../src/identity/oidc-sign-ins.js'
import { type OidcIssuer, startIssuer } from '../identity/oidc-issuer.js'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let oidc: OidcIssuer
let desk: InboxDesk
beforeAll(async () => {
  oidc = await startIssuer([])
  const issuers: Issuer[] = [
    {
      issuer: oidc.issuer,
      audience: oidc.audience,
      tenant: 'acme',
      signIn: { clientId: 'desk-inbox', clientSecret: 'env:INBOX_SECRET', name: 'Desk' },
    },
  ]
  desk = await openInboxDesk((url) => ({
    issuers,
    oidc: createOidcSignIns(issuers, url, { INBOX_SECRET: oidc.secretOf('desk-inbox') }),
    accessTokens: createAccessTokens(issuers),
  }))
  await linkAccount(desk.plane, ofBob())
}, browserHookMs)
afterAll(async () => {
  await desk.close()
  await oidc.close()
})

const ofBob = () => ({ tenant: 'acme', principal: 'person:bob', issuer: oidc.issuer, subject: 'bob-1', by: 'test' })

/** Follows the link to the issuer, and says there who one is. */
async function signInAs(subject: string, path: string) {
  const page = await desk.openPage(path)
  await page.getByRole('link', { name: 'Sign in with Desk' }).click()
  await page.getByLabel('Your name').fill(subject)
  await page.getByRole('button', { name: 'Go on' }).click()
  return page
}

test('whoever the issuer knows comes back to where they were, decides there, and is out once the account is unlinked', async () => {
  const { approval } = await desk.ask('by-issuer')
  const page = await signInAs('bob-1', `/inbox/approvals/${approval}`)
  await page.getByRole('button', { name: /^Approve …/ }).click()
  expect(page.url()).toBe(`${desk.url}/inbox/approvals/${approval}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await page.getByText('You approved this in the inbox').waitFor()
  const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })
  expect(body.votes).toMatchObject([{ approver: 'person:bob', method: 'inbox', counts: true }])
  await unlinkAccount(desk.plane, ofBob())
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page
    .getByRole('alert')
    .filter({ hasText: /EXQ-\d{4}/ })
    .waitFor()
  await page.context().close()
})

test('whoever is linked to nobody here is told so, and is not in', async () => {
  const page = await signInAs('stranger', '/inbox')
  await page.getByRole('alert').waitFor()
  await page.getByRole('link', { name: 'Sign in with Desk' }).waitFor()
  expect(await page.getByRole('navigation').count()).toBe(0)
  await page.context().close()
})
