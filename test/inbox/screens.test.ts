import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDevice } from './authenticator.js'
import { barriers } from './axe.js'
import { browserHookMs, phone, usual } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'
import { takePicture } from './pictures.js'
import { openScenes, type Scenes } from './scenes.js'

let desk: InboxDesk
let scenes: Scenes
beforeAll(async () => {
  desk = await openInboxDesk()
  scenes = await openScenes(desk)
}, browserHookMs)
afterAll(() => desk.close())

interface Screen {
  /** Where it is; and what is done there before it is looked at. */
  readonly at: (scenes: Scenes) => string
  readonly who?: (scenes: Scenes) => string
  readonly options?: BrowserContextOptions
  readonly act?: (page: Page, scenes: Scenes) => Promise<void>
  /** On which it is known that the screen is there. */
  readonly shows: string | RegExp
  readonly picture?: string
}

const approve = async (page: Page) => {
  await page.getByRole('button', { name: /^Approve …/ }).click()
}

const screens: Readonly<Record<string, Screen>> = {
  'nothing waits': {
    at: () => '/inbox',
    who: ({ nobody }) => nobody,
    shows: 'Nothing waits for you.',
    picture: 'empty',
  },
  'what waits': { at: () => '/inbox', shows: 'Cancel a subscription', picture: 'waiting' },
  'what waits, on a phone': { at: () => '/inbox', options: phone, shows: 'Cancel a subscription', picture: 'phone' },
  'one request': { at: ({ medium }) => `/inbox/approvals/${medium}`, shows: 'Why you are asked', picture: 'request' },
  'one request, on a phone': {
    at: ({ medium }) => `/inbox/approvals/${medium}`,
    options: phone,
    shows: 'Why you are asked',
    picture: 'phone-request',
  },
  'one request, in the dark': {
    at: ({ medium }) => `/inbox/approvals/${medium}`,
    options: { ...usual, colorScheme: 'dark' },
    shows: 'Why you are asked',
    picture: 'dark',
  },
  'the question before an approval': {
    at: ({ medium }) => `/inbox/approvals/${medium}`,
    act: approve,
    shows: 'Approve this?',
    picture: 'approve',
  },
  'a passkey that is needed': {
    at: ({ high }) => `/inbox/approvals/${high}`,
    act: approve,
    shows: 'This needs a passkey',
    picture: 'passkey',
  },
  'what has to be looked at closely': {
    at: ({ flagged }) => `/inbox/approvals/${flagged}`,
    // From the warning down to the end of what it warns of.
    options: { ...usual, viewport: { width: 1180, height: 1060 } },
    act: async (page) => {
      await page.getByRole('region', { name: 'Look closely' }).waitFor()
      await page.evaluate(`document.querySelector('.flags').scrollIntoView()`)
    },
    shows: 'Look closely',
    picture: 'closely',
  },
  'flags to be acknowledged': {
    at: ({ flagged }) => `/inbox/approvals/${flagged}`,
    act: approve,
    shows: 'What you have to have seen',
    picture: 'flags',
  },
  'the question before a rejection': {
    at: ({ medium }) => `/inbox/approvals/${medium}`,
    act: (page) => page.getByRole('button', { name: /^Reject …/ }).click(),
    shows: 'Reject this?',
  },
  'a request that somebody else decides meanwhile': {
    at: ({ contested }) => `/inbox/approvals/${contested}`,
    act: async (page, { rejectContested }) => {
      await page.getByRole('button', { name: /^Approve …/ }).waitFor()
      await rejectContested()
    },
    shows: 'While you looked: Rejected by cat on the command line.',
    picture: 'elsewhere',
  },
  'an expired request': {
    at: ({ expired }) => `/inbox/approvals/${expired}`,
    shows: 'nobody decided in time',
    picture: 'expired',
  },
  'the trail so far': {
    at: ({ medium }) => `/inbox/approvals/${medium}`,
    act: (page) => page.getByText('The trail so far').click(),
    shows: 'Facts',
  },
  'what one has decided': { at: () => '/inbox/decided', shows: 'You approved this' },
  'what needs attention': { at: () => '/inbox/attention', shows: 'Nobody knows whether the call had an effect.' },
  'one that needs attention': {
    at: ({ attention }) => `/inbox/attention/${attention}`,
    shows: 'Claimed and observed',
    picture: 'attention',
  },
  'a resolution': {
    at: ({ attention }) => `/inbox/attention/${attention}`,
    act: async (page) => {
      await page.getByRole('radio').first().check()
      await page.getByRole('button', { name: 'Decide …' }).click()
    },
    shows: 'Decided once, it stands.',
  },
  'what is to be looked over': { at: () => '/inbox/reviews', shows: 'Looked at it', picture: 'reviews' },
  'agents, tools and stops': {
    at: () => '/inbox/agents',
    who: ({ guard }) => guard,
    shows: 'Stopped: the agent other',
  },
  'the question before a stop': {
    at: () => '/inbox/agents',
    who: ({ guard }) => guard,
    act: (page) => page.getByRole('button', { name: 'Stop the agent support_refunds_v2' }).click(),
    shows: 'Stop the agent support_refunds_v2?',
    picture: 'stop',
  },
  passkeys: { at: () => '/inbox/passkeys', shows: 'You have no passkey yet.' },
  'a passkey that a key of the command line has to sign for': {
    at: () => '/inbox/passkeys',
    who: ({ keyed }) => keyed,
    act: async (page) => {
      await addDevice(page)
      await page.getByRole('button', { name: 'Set up a passkey' }).click()
    },
    shows: 'What it prints',
    picture: 'endorse',
  },
  keys: { at: () => '/inbox', act: (page) => page.keyboard.press('?'), shows: 'No key decides by itself' },
  'an address that leads nowhere': { at: () => '/inbox/somewhere/else', shows: 'There is nothing here' },
  'a request that is not there': { at: () => '/inbox/approvals/apr_none', shows: 'EXQ-4001' },
}

/** What fingers have to hit, and is less than 44 pixels high. */
const tooSmall = `[...document.querySelectorAll('button, summary, nav a, .back a, label.tick, .row .select, input:not([type=checkbox], [type=radio]), textarea')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
  .map((element) => element.outerHTML)`

async function open({ at, who = ({ bob }) => bob, options, act, shows }: Screen): Promise<Page> {
  const page = await desk.openAs(who(scenes), at(scenes), options)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.locator('main .hint', { hasText: 'Looking' }).waitFor({ state: 'detached' })
  await act?.(page, scenes)
  await page.getByText(shows).first().waitFor()
  return page
}

describe.each(Object.entries(screens))('the screen of %s', (_name, screen) => {
  test('keeps nobody out, in light or dark, and fits', async () => {
    const page = await open(screen)
    if (screen.picture) await takePicture(page, screen.picture)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await barriers(page), colorScheme).toEqual([])
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.evaluate(tooSmall)).toEqual([])
    await page.context().close()
  })
})

test('the screens to sign in keep nobody out, in light or dark', async () => {
  for (const [path, shows] of [
    ['/inbox', 'Here you decide on what agents ask to do.'],
    ['/inbox/sign-in#ln_code', 'Your link works once.'],
    ['/inbox/sign-in?problem=EXQ-2034', 'Signing in through the issuer did not succeed'],
  ] as const) {
    const page = await desk.openPage(path)
    await page.getByText(shows).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await barriers(page), `${path} ${colorScheme}`).toEqual([])
    }
    // The code is in no address any more, and so in no history.
    expect(new URL(page.url()).hash).toBe('')
    await page.context().close()
  }
})

test('what keeps somebody out is found', async () => {
  const page = await desk.openPage('/inbox')
  await page.getByText('Here you decide').waitFor()
  await page.evaluate(`document.querySelector('main').append(document.createElement('input'))`)
  expect(await barriers(page)).toEqual([expect.stringMatching(/^label: /)])
  await page.context().close()
})
