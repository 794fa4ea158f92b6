import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { packageRoot } from '../../src/package-root.js'

const folder = fileURLToPath(new URL('docs/pictures/', packageRoot))

/** Every time is this one, and every other that passes stands still, so that the same screen is the same picture. */
const still = `(() => {
  for (const time of document.querySelectorAll('time')) {
    if (/left$/.test(time.textContent)) time.textContent = /s left$/.test(time.textContent) ? '48 min 20 s left' : '48 min left'
    else if (/ago|now/.test(time.textContent)) time.textContent = '12 min ago'
    else if (time.textContent === 'Expired') continue
    else time.textContent = time.closest('[aria-labelledby=then]') ? '1 Dec 2026, 10:30:00 UTC' : '1 Dec 2026, 09:30:00 UTC'
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode
    text.data = text.data
      .replace(/\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|\\+00:00)/g, '2026-12-01T10:30:00Z')
      .replace(/key_[A-Za-z0-9_-]{10,}/g, 'key_4f0c2a')
  }
  document.activeElement?.blur?.()
})()`

/** Writes a picture for docs/, where they are asked for: `UPDATE_PICTURES=1 npx vitest run test/inbox/screens.test.ts`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!process.env.UPDATE_PICTURES) return
  await mkdir(folder, { recursive: true })
  await page.mouse.move(1, 1)
  await page.evaluate(still)
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' })
}
