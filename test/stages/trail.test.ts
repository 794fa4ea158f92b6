import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tellStory } from '../../src/domain/trail.js'

const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'\\`*_{}[]<>#|~ \n\r\t-ab') }))

describe('the story that the Temporal UI shows', () => {
  test('is a headline, and a line for each thing that happened', () => {
    const lines = ['policy, round 1: allow.', 'ended: succeeded']
    expect(tellStory({ goal: 'Action request act 1', lines })).toBe(
      '**Action request act 1**\n\n- policy, round 1: allow.\n- ended: succeeded',
    )
  })

  test('has no lines before anything has happened', () => {
    expect(tellStory({ goal: 'Action request', lines: [] })).toBe('**Action request**\n')
  })

  test('shows markup from outside as it was written', () => {
    const told = tellStory({ goal: 'G', lines: ['said <img src=x> [click](javascript:1) **approved** `x` | # ~'] })
    expect(told).toContain('said \\<img src=x\\> \\[click\\](javascript:1) \\*\\*approved\\*\\* \\`x\\` \\| \\# \\~')
  })

  test('cannot be broken out of: no text makes a line or markup of its own', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (goal, lines) => {
        const [headline, empty, ...told] = tellStory({ goal, lines }).split(/\r\n|[\n\r\u2028\u2029]/)
        expect(empty).toBe('')
        expect(told).toHaveLength(lines.length)
        const shown = [headline?.slice(2, -2), ...told.map((line) => line.slice(2))]
        for (const line of shown) expect(line?.replace(/\\[\\`*_{}[\]<>#|~]/g, '')).not.toMatch(/[\\`*_{}[\]<>#|~]/)
      }),
    )
  })
})
