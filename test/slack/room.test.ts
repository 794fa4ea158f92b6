import { describe, expect, test } from 'vitest'
import { canonical, digestBytes } from '../../src/digest.js'
import type { Envelope } from '../../src/domain/envelope.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { drawWhat, drawWhy } from '../../src/slack/draw/request.js'
import { isWhole, messageRoom, modalRoom } from '../../src/slack/draw/room.js'
import { clip } from '../../src/slack/draw/texts.js'
import { drawWaiting } from '../../src/slack/draw/waiting.js'
import { envelopeWith } from '../approval/sample-envelope.js'
import { approval } from '../surfaces/cli-samples.js'
import { textIn } from './slack-desk.js'

function described(args: Record<string, string>) {
  const envelope = envelopeWith()
  const steps = envelope.steps.map((step) => ({ ...step, args }))
  return describeEnvelope({ ...envelope, steps } as Envelope, digestBytes)
}

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`name_${at}`, `value ${at}`]))

describe('what is shown in passing', () => {
  test('is whole where every argument is shown as it is', () => {
    expect(isWhole(described(many(3)), messageRoom)).toBe(true)
  })

  test.each([
    ['many arguments', many(13)],
    ['one long value', { note: 'x'.repeat(messageRoom.value + 1) }],
    ['much in all', Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`n${at}`, 'x'.repeat(140)]))],
  ])('is not whole with %s, and a modal is', (_, args) => {
    const rendering = described(args)
    expect(isWhole(rendering, messageRoom)).toBe(false)
    expect(isWhole(rendering, modalRoom)).toBe(true)
  })

  test('is not whole where a list has no room left for why something was amended', () => {
    const changes = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ pointer: `/args/n${at}`, before: 0, after: at }))
    const amended = (count: number) =>
      describeEnvelope(
        {
          ...envelopeWith(),
          amendments: [{ step: 'step1', amended_by: 'person:bob', reason: 'so', changes: changes(count) }],
        } as unknown as Envelope,
        digestBytes,
      )
    expect(isWhole(amended(messageRoom.points - 1), messageRoom)).toBe(true)
    expect(isWhole(amended(messageRoom.points), messageRoom)).toBe(false)
  })

  test('says how much is left out, and is never more than Slack takes', () => {
    const rendering = described(many(400))
    const blocks = [...drawWhat(rendering, messageRoom), ...drawWhy(rendering, messageRoom)]
    expect(textIn(blocks)).toMatch(/\d+ more arguments are not shown here/)
    expect(blocks.length).toBeLessThan(20)
    expect(JSON.stringify(blocks).length).toBeLessThan(12_000)
    expect(isWhole(rendering, modalRoom)).toBe(false)
  })

  test('loses its middle where it is too long, and says so: nothing is pushed out of sight at its end', () => {
    const shown = clip(`refund ${'.'.repeat(500)} to somebody else`, 100)
    expect(shown.length).toBeLessThanOrEqual(100)
    expect(shown).toMatch(/^refund \.+ \[\.\.\.\] \.+ to somebody else$/)
  })
})

test('what is shortened has no half of a character in it, wherever it is cut', () => {
  for (let most = 10; most < 40; most += 1)
    for (const text of ['😀'.repeat(60), `x${'😀'.repeat(60)}`, `${'😀'.repeat(60)}x`])
      expect(JSON.stringify(clip(text, most))).not.toMatch(/\\ud[89a-f]/)
})

test('as many as fit are drawn in the order they come in, and it is said that there are more', () => {
  const views = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].map((note) =>
    approval({ rendering: canonical(described({ note })) }),
  )
  const drawn = textIn(drawWaiting(views, false))
  expect(drawn).toContain('Look first at these 5')
  expect(drawn.indexOf('first')).toBeLessThan(drawn.indexOf('second'))
  expect(drawn).not.toContain('sixth')
})

test('that nothing waits is said only where everything was looked through', () => {
  expect(textIn(drawWaiting([], true))).not.toContain('Nothing waits')
  expect(textIn(drawWaiting([], true))).toContain('look into the inbox')
  expect(textIn(drawWaiting([], false))).toContain('Nothing waits for you.')
})
