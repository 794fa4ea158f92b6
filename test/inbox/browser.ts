import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findChromium } from '../_util/chromium.js'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** For the hook that opens a browser: on a new machine it may have to be installed first. */
export const browserHookMs = 300_000

/** A Chromium of its own, with a profile that nobody used before. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args })
}

/** As people have it: in English, by the clock of UTC, at a desk. */
export const usual: BrowserContextOptions = {
  locale: 'en-GB',
  timezoneId: 'UTC',
  reducedMotion: 'reduce',
  viewport: { width: 1180, height: 900 },
}

export const phone: BrowserContextOptions = { ...usual, viewport: { width: 360, height: 740 }, hasTouch: true }

/** A screen that has come up listens to keys, and moves the focus no more, once its heading has had it. */
export async function listening(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
}
