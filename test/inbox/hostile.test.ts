import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sourceFiles, withoutComments } from '../architecture/source-files.js'
import { browserHookMs, phone } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())

const markup = `"><img src=x onerror="window.struck=1"><script>window.struck=1</script>{{7*7}}</bdi></td></table><h1>Approved</h1>`
const endless = 'x'.repeat(9_000)
// Turns the direction of writing, and passes for another account.
const turned = '\u202eevil\u202c'

describe('what an agent wrote', () => {
  test('stays text, wherever it is shown, and changes nothing of the page', async () => {
    const args = { account: `a${markup.slice(0, 90)}`, message: `${markup} ${turned} ${endless}` }
    const { approval } = await desk.ask('hostile', { args, context: { reason: `${markup} ${turned}` } })
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
    await page.getByRole('heading', { name: 'Look closely' }).waitFor()
    await page.getByRole('button', { name: /^Approve …/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await page.locator('img, iframe, script:not([src]), [onerror], main [style]').count()).toBe(0)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    expect(await page.evaluate('window.struck')).toBeUndefined()
    const text = await page.locator('main').textContent()
    expect(text).toContain('<script>window.struck=1</script>')
    expect(text).toContain('\\u{202e}')
    expect(text).not.toContain('\u202e')
    expect(text).toMatch(/Cut: [\d,]+ characters are not shown/)
    // Whoever has to look closely is told where, in words.
    expect(text).toMatch(/turn the direction of writing: U\+202E, U\+202C, in the field message/)
    expect(text).not.toContain('/steps/0')
    await page.context().close()
  })

  test('is shown whole to whoever wants all of it, and is still only text', async () => {
    const message = `${'x'.repeat(700)}in the middle${markup}${'x'.repeat(700)}`
    const { approval } = await desk.ask('whole', { args: { account: 'acct_whole', message } })
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
    const shown = page.locator('table.arguments')
    await shown.waitFor()
    expect(await shown.textContent()).not.toContain('in the middle')
    await page.getByRole('button', { name: 'Show all of it' }).click()
    await page.getByText('All of it is shown below.').waitFor()
    await expect.poll(() => shown.textContent()).toContain(message.replaceAll('\\', '\\\\'))
    expect(await shown.textContent()).not.toContain('not shown')
    expect(await page.getByRole('button', { name: 'Show all of it' }).count()).toBe(0)
    expect(await page.locator('img, iframe, [onerror]').count()).toBe(0)
    await page.context().close()
  })

  test('wraps on a phone, however long it is', async () => {
    const { approval } = await desk.ask('endless', { args: { account: 'y'.repeat(400), message: endless } })
    const page = await desk.openAs(desk.tokens.bob, '/inbox', phone)
    const widest = () => page.evaluate('document.documentElement.scrollWidth')
    await page.getByText('y'.repeat(400)).first().waitFor()
    expect(await widest()).toBe(360)
    await page.goto(`/inbox/approvals/${approval}`)
    await page.getByRole('button', { name: 'Show all of it' }).click()
    await page.getByText('All of it is shown below.').waitFor()
    expect(await widest()).toBe(360)
    await page.getByRole('button', { name: /^Approve …/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await widest()).toBe(360)
    await page.context().close()
  })

  test('has to be acknowledged flag by flag, and by typing what it is about, before it is approved', async () => {
    const { approval } = await desk.ask('flags', { args: { message: `${turned} ${endless}` } })
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
    await page.getByRole('button', { name: /^Approve …/ }).click()
    const dialog = page.getByRole('dialog')
    const approve = dialog.getByRole('button', { name: 'Approve' })
    const flags = dialog.getByRole('checkbox')
    await expect.poll(() => flags.count()).toBeGreaterThan(1)
    expect(await approve.isDisabled()).toBe(true)
    for (const flag of await flags.all()) {
      expect(await approve.isDisabled()).toBe(true)
      await flag.check()
    }
    await dialog.getByLabel('Type acct_flags').fill('acct_flag')
    expect(await approve.isDisabled()).toBe(true)
    await dialog.getByLabel('Type acct_flags').fill('acct_flags')
    await approve.click()
    await page.getByText('You approved this in the inbox.').waitFor()
    await page.context().close()
  })
})

test('the page makes elements and text, and nothing of text', () => {
  const ways =
    /innerHTML|dangerouslySet|outerHTML|insertAdjacentHTML|document\.write|srcdoc|createContextualFragment|DOMParser|\beval\(|new Function|setAttribute\(['"`]on/
  const files = sourceFiles('src/inbox').map(({ path, text }) => ({ path, text: withoutComments(text) }))
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter(({ text }) => ways.test(text)).map(({ path }) => path)).toEqual([])
  expect(ways.test('<p dangerouslySetInnerHTML={{ __html: text }} />')).toBe(true)
})
