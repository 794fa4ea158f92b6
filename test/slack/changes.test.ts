import { describe, expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import type { Envelope } from '../../src/domain/envelope.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { drawWhat } from '../../src/slack/draw/request.js'
import { messageRoom, modalRoom } from '../../src/slack/draw/room.js'
import { envelopeWith } from '../approval/sample-envelope.js'
import { textIn } from './slack-desk.js'

/** Each line or point of what is drawn, in one piece. */
function linesIn(envelope: object, room = messageRoom): string[] {
  const lines: string[] = []
  JSON.stringify(drawWhat(describeEnvelope(envelope as Envelope, digestBytes), room), (_, value) => {
    if (value?.type === 'rich_text_section') lines.push(textIn(value).replaceAll('\n', ''))
    return value
  })
  return lines
}

const envelope = envelopeWith()
const [sample] = envelope.steps

describe('what changes', () => {
  test('is told apart from what is so, and from what is to be', () => {
    const changes = [
      { label: 'Left', before: 90_000, only: 'before', currency: 'usd' },
      { label: 'Note', after: 'hi', only: 'after' },
      { label: 'Plan', before: 'free', after: 'team' },
      { label: 'Owner', before: 'ann' },
    ]
    const lines = linesIn({ ...envelope, steps: [{ ...sample, changes }] })
    expect(lines).toContain('Left: $900.00')
    expect(lines).toContain('Note: \u2192 "hi"')
    expect(lines).toContain('Plan: "free" \u2192 "team"')
    expect(lines).toContain('Owner: "ann" \u2192 (nothing)')
  })

  test('is in quotes where it is a string: it passes for no number, for no before and after, and not for nothing', () => {
    const args = { one: '500', other: 500, third: '500 (number)', quoted: 'a" \u2192 "b' }
    const changes = [
      { label: 'Plan', before: 'a \u2192 b', only: 'before' },
      { label: 'Owner', before: 'ann', after: '(nothing)' },
    ]
    const lines = linesIn({ ...envelope, steps: [{ ...sample, args, changes }] })
    expect(lines).toContain('one: "500"')
    expect(lines).toContain('other: 500')
    expect(lines).toContain('third: "500 (number)"')
    expect(lines).toContain('quoted: "a\\" \u2192 \\"b"')
    expect(lines).toContain('Plan: "a \u2192 b"')
    expect(lines).toContain('Owner: "ann" \u2192 "(nothing)"')
  })

  test('is of a step that is named, where there are several', () => {
    const changes = [{ label: 'Refunded', before: 0, after: 10_000, currency: 'usd' }]
    const moved = [{ step: 'second', changes: [{ pointer: '/observed/left', before: 1, after: 2 }] }]
    const steps = [
      { ...sample, id: 'first' },
      { ...sample, id: 'second', changes },
    ]
    for (const room of [messageRoom, modalRoom]) {
      const lines = linesIn({ ...envelope, steps, moved }, room)
      expect(lines).toContain('second Refunded: $0.00 \u2192 $100.00')
      expect(lines).toContain('second left: 1 \u2192 2')
    }
  })
})

describe('a step', () => {
  const steps = [
    { ...sample, id: 'first', risk: 'low', touches: 1 },
    { ...sample, id: 'second', resource: 'Account acc_2', risk: 'high', undoable: false, touches: 3 },
  ]

  test('says how much it touches at most, alone and as one of several', () => {
    for (const room of [messageRoom, modalRoom])
      expect(linesIn({ ...envelope, steps: steps.slice(1) }, room).join()).toContain('touches 3 objects at most')
  })

  test('says as one of several where it acts, its risk, and whether it can be undone', () => {
    for (const room of [messageRoom, modalRoom]) {
      const lines = linesIn({ ...envelope, steps }, room)
      expect(lines.find((line) => line.startsWith('first: '))).toMatch(
        /On Invoice in_1, touches 1 object at most, low risk, can be undone$/,
      )
      expect(lines.find((line) => line.startsWith('second: '))).toMatch(
        /On Account acc_2, touches 3 objects at most, high risk, CANNOT BE UNDONE$/,
      )
    }
  })
})
