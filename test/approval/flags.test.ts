import { describe, expect, test } from 'vitest'
import { flagNames, flagsOf } from '../../src/domain/flags.js'
import { confusableIn } from '../../src/domain/look-alikes.js'
import { envelopeWith } from './sample-envelope.js'

const flagsOfArgument = (text: string) => flagsOf(envelopeWith({ args: { name: text } }))
const kinds = (text: string) => flagsOfArgument(text).map(({ kind }) => kind)

describe('letters that pass for others', () => {
  test.each([
    ['one Cyrillic letter in a word', 'pаypal'],
    ['a word of Cyrillic look-alikes', 'сосо'],
    ['one that stands alone among ASCII', 'account а'],
    ['one in an id with digits', 'in_12а'],
    ['a word of Greek look-alikes', 'ΑΒΕ'],
    ['Armenian in a Latin word', 'հello'],
    ['Cherokee', 'ᏢᎪY'],
    ['fullwidth', 'ａｄｍｉｎ'],
    ['fullwidth punctuation', 'a＠b'],
    ['mathematical letters', '𝐚𝐝𝐦𝐢𝐧'],
    ['Latin that is not ASCII', 'lınk'],
    ['a hyphen that is none', 'in‐1'],
    ['a minus that is none', '−5'],
    ['a slash that is none', 'a∕b'],
  ])('are flagged: %s', (_, text) => {
    expect(kinds(text)).toEqual(['confusable'])
  })

  test.each([
    'plain',
    'Zoë Müller, Ångström, façade',
    'Привет, у нас всё хорошо',
    'Καλημέρα κόσμε',
    '返金 リクエスト です',
    'T シャツ',
    '환불 요청',
    'שלום עולם',
    'مرحبا',
    'naïve – “quoted” – 5 € …',
    '👍 thanks',
  ])('are not those of a language: %s', (text) => {
    expect(flagsOfArgument(text)).toEqual([])
  })

  test('are told by their code points, and by what they look like', () => {
    expect(flagsOfArgument('pаypal')).toEqual([
      { kind: 'confusable', pointer: '/steps/0/args/name', says: 'letters that pass for others: U+0430 (like a)' },
    ])
    expect(confusableIn('pаypаl')).toEqual(['а'])
  })
})

describe('what is not seen', () => {
  test.each([
    ['bidi', 'abc\u202edef'],
    ['bidi', '\u2066x\u2069'],
    ['bidi', 'x\u200f'],
    ['invisible', 'ad\u200bmin'],
    ['invisible', 'ad\u00admin'],
    ['invisible', 'a\u{e0041}b'],
    ['invisible', 'a\ufe0fb'],
    ['invisible', 'a\u{e0100}'],
    ['invisible', 'a\u00a0b'],
    ['invisible', 'a\u3164b'],
    ['invisible', 'a\u2800b'],
    ['invisible', '\ufeffa'],
    ['invisible', 'a\u2028b'],
  ])('is flagged as %s', (kind, text) => {
    expect(kinds(text)).toContain(kind)
  })
})

describe('a flag', () => {
  test('is found in every text that is shown', () => {
    const odd = 'x\u202e'
    const envelope = envelopeWith({
      args: { [odd]: 1 },
      goal: odd,
      reason: odd,
      ticket_id: odd,
      resource: `Invoice ${odd}`,
    })
    expect(flagNames(envelope)).toEqual([
      'bidi /request/context/reason',
      'bidi /request/context/ticket_id',
      'bidi /request/plan/goal',
      'bidi /steps/0/args/x\\u{202e}',
      'bidi /steps/0/resource',
    ])
  })

  test('says that a text is cut', () => {
    expect(kinds('x'.repeat(600))).toEqual([])
    expect(kinds('x'.repeat(601))).toEqual(['cut'])
    expect(flagsOf(envelopeWith({ args: { ['k'.repeat(300)]: 1 } })).map(({ kind }) => kind)).toEqual(['cut'])
  })

  test('says how many leaves are hidden, and that those are the deep ones', () => {
    const rows = Array.from({ length: 60 }, (_, index) => index)
    const flags = flagsOf(envelopeWith({ args: { aaa: rows, zzz: 'x\u202e' } }))
    expect(flags).toMatchObject([
      { kind: 'bidi', pointer: '/steps/0/args/zzz' },
      { kind: 'hidden', pointer: '/steps/0/args', says: '11 arguments are not shown' },
    ])
  })

  test('can be sent by whoever acknowledges it, however long the names of arguments are', () => {
    for (let length = 150; length < 180; length += 1) {
      const names = flagNames(envelopeWith({ args: { [`${'x'.repeat(length)}😀`]: 'b\u200bob' } }))
      expect(names.length).toBeGreaterThan(0)
      expect(JSON.stringify(names)).not.toMatch(/\\ud[89a-f]/)
    }
  })

  test('has a name without an odd character of its own', () => {
    for (const name of flagNames(envelopeWith({ args: { 'a\n\u202eb': 'pаypal\u200b' } }))) {
      expect(name).toMatch(/^[\x20-\x7e]+$/)
    }
  })
})
