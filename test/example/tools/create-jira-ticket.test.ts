import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createJiraTicket } from '../../../examples/refund-desk/tools/create-jira-ticket.js'
import { type Desk, openDesk } from '../desk.js'
import { credentials, outputOf, patienceWith, trying } from './try-tool.js'

let desk: Desk
let slow: Desk
let keys = 0
// For how long search may not find a new ticket.
const lagMs = 1_800

beforeAll(async () => {
  desk = await openDesk('tracker')
  slow = await openDesk('tracker', { TRACKER_SEARCH_LAG_MS: '10000' })
  process.env.TRACKER_URL = desk.url
})

afterEach(async () => {
  process.env.TRACKER_URL = desk.url
  await desk.clearFaults()
})

afterAll(() => Promise.all([desk.close(), slow.close()]))

const tool = trying(createJiraTicket)
const creations = 'POST /rest/api/3/issue'
const args = { project_key: 'DESK', summary: 'Charged twice', description: 'Kim wrote in.', refund_id: 're_1' }

function freshKey() {
  keys += 1
  const key = `exq_t${keys}`
  return { key, effects: () => desk.effects({ 'labels[0]': `exq-${key}` }) }
}

describe('create_jira_ticket', () => {
  test('opens one ticket, however often it is called with one key', async () => {
    const { key, effects } = freshKey()
    const first = outputOf(await tool.execute(args, { key }))
    expect(first).toEqual({ ticket_key: expect.stringMatching(/^DESK-\d+$/) })
    expect(outputOf(await tool.execute(args, { key }))).toEqual(first)
    const [effect, ...others] = await effects()
    expect(effect).toMatchObject({ effect: 'issue.created', summary: 'Charged twice', labels: [`exq-${key}`] })
    expect(JSON.stringify(effect)).toContain('Refund: re_1')
    expect(others).toEqual([])
  })

  test('is verified by its key, and by its label where the answer was lost', async () => {
    const { key } = freshKey()
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
    const output = outputOf(await tool.execute(args, { key }))
    expect(await tool.verify(args, output, { key })).toBe('committed')
    expect(await tool.verify(args, null, { key })).toBe('committed')
    expect(await tool.verify(args, { ticket_key: 'DESK-999' }, { key })).toBe('not-committed')
  })

  test('a ticket that search does not know yet is not taken for missing', async () => {
    process.env.TRACKER_URL = slow.url
    const { key } = freshKey()
    await slow.plan({ match: creations, mode: 'reset-after-applying', times: 1 })
    expect(await tool.execute(args, { key })).toMatchObject({ effect: 'unknown' })
    // It does not show yet, and the contract says so: an absence does not count before that.
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
    expect(createJiraTicket.contract.downstream.read_after_write_ms).toBeGreaterThan(lagMs)
    await expect.poll(() => tool.verify(args, null, { key })).toBe('committed')
  })

  test('another ticket in its place is not what was asked for', async () => {
    const { key } = freshKey()
    await desk.plan({ match: creations, mode: 'do-otherwise', times: 1 })
    const output = outputOf(await tool.execute(args, { key }))
    expect(await tool.verify(args, output, { key })).toBe('diverged')
  })

  test('a yes that nothing followed is seen', async () => {
    const { key } = freshKey()
    await desk.plan({ match: creations, mode: 'lie', times: 1 })
    const output = outputOf(await tool.execute(args, { key }))
    expect(await tool.verify(args, output, { key })).toBe('not-committed')
  })

  test('is undone once, however often', async () => {
    const { key } = freshKey()
    const output = outputOf(await tool.execute(args, { key }))
    for (let times = 0; times < 2; times += 1) {
      expect(await tool.undo(args, output)).toMatchObject({ effect: 'committed' })
    }
    expect(await desk.effects({ id: String(output.ticket_key) })).toMatchObject([
      { effect: 'issue.created' },
      { effect: 'issue.deleted' },
    ])
    expect(await tool.verify(args, output, { key })).toBe('not-committed')
    expect(await tool.verify(args, null, { key })).toBe('not-committed')
  })

  test.each(['reset-after-applying', 'error-after-applying', 'hang-after-applying'])(
    '%s: the outcome is unknown, verification finds the ticket, and so does another try',
    async (mode) => {
      const { key, effects } = freshKey()
      await desk.plan({ match: creations, mode, times: 1 })
      expect(await tool.execute(args, { key, ...patienceWith(mode) })).toMatchObject({ effect: 'unknown' })
      expect(await tool.verify(args, null, { key })).toBe('committed')
      expect(await tool.execute(args, { key })).toMatchObject({ effect: 'committed' })
      expect(await effects()).toHaveLength(1)
    },
  )

  test.each([
    ['no permission', 'permission', args, credentials, true],
    ['no such project', 'valid project', { ...args, project_key: 'NOPE' }, credentials, false],
  ])('%s is a definite no', async (_, words, asked, given, refused) => {
    const { key, effects } = freshKey()
    if (refused) await desk.plan({ match: creations, mode: 'refuse', times: 1 })
    expect(await tool.execute(asked, { key, credentials: given })).toMatchObject({
      effect: 'not-committed',
      detail: expect.stringContaining(words),
    })
    expect(await effects()).toHaveLength(0)
  })

  test('a look that fails says nothing about the ticket', async () => {
    const { key } = freshKey()
    const given = { ...credentials, tracker_token: 'wrong' }
    await expect(tool.verify(args, null, { key, credentials: given })).rejects.toThrow('401')
  })
})
