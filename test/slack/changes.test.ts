import { expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import type { Envelope } from '../../src/domain/envelope.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { drawWhat, messageRoom } from '../../src/slack/draw/request.js'
import { envelopeWith } from '../approval/sample-envelope.js'

test('what is so, what is to be, and what is to change are told apart in Slack', () => {
  const envelope = envelopeWith()
  const changes = [
    { label: 'Left', before: 90_000, only: 'before', currency: 'usd' },
    { label: 'Note', after: 'hi', only: 'after' },
    { label: 'Plan', before: 'free', after: 'team' },
    { label: 'Owner', before: 'ann' },
  ] as const
  const steps = envelope.steps.map((step) => ({ ...step, changes }))
  const blocks = drawWhat(describeEnvelope({ ...envelope, steps } as Envelope, digestBytes), messageRoom)
  const texts =
    JSON.stringify(blocks)
      .match(/"text":"[^"]*"/g)
      ?.join(' ') ?? ''
  expect(texts).toContain(': $900.00')
  expect(texts).not.toContain('$900.00 \u2192')
  expect(texts).toContain(': \u2192 hi')
  expect(texts).toContain(': free \u2192 team')
  expect(texts).toContain(': ann \u2192 (nothing)')
})
