import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flagsOf } from '../../src/domain/flags.js'
import { confusableIn } from '../../src/domain/look-alikes.js'
import { printable } from '../../src/domain/printable.js'
import { envelopeWith, namesOfFlags } from './sample-envelope.js'

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

describe('marks that are drawn over what is there', () => {
  test.each([
    ['digits struck through', '6\u03360\u03360\u0336'],
    ['letters struck through', 'v\u0336o\u0336i\u0336d\u0336'],
    ['a slash over a letter', 'a\u0338'],
    ['an enclosing circle', 'a\u20dd'],
    ['an enclosing Cyrillic sign', 'а\u0488 это я'],
    ['one for symbols', 'x\u20e5'],
    ['an accent on a digit', '1\u0301'],
    ['a comma under a digit', '9\u0326000'],
    ['one at the beginning', '\u0301abc'],
    ['one after a space', 'a \u0332b'],
    ['forty on one letter', `a${'\u0301'.repeat(40)}`],
    ['four on one letter', 'a\u0301\u0302\u0303\u0304'],
    ['Thai that is heaped', `ก${'\u0e47'.repeat(12)}`],
  ])('are flagged, and shown as code points: %s', (_, text) => {
    expect(kinds(text)).toContain('overlaid')
    expect(printable(text)).not.toMatch(/\p{M}/u)
  })

  test.each([
    ['French', 'Déjà vu, garçon, l\u2019été'],
    ['French, decomposed', 'De\u0301ja\u0300 vu, garc\u0327on'],
    ['Vietnamese, decomposed', 'Hoàn tiền cho khách hàng Nguyễn Thị Bưởi'.normalize('NFD')],
    ['Polish and Czech, decomposed', 'Łódź, žluťoučký kůň'.normalize('NFD')],
    ['Russian, decomposed', 'Ещё один йод'.normalize('NFD')],
    ['Greek, decomposed', 'ἄνθρωπος ᾧ'.normalize('NFD')],
    ['Hindi', 'हिंदी ज़िंदगी क्षत्रिय श्रीमान्'],
    ['Bengali', 'বাংলা চাঁদ ড়াঁ'],
    ['Tamil', 'தமிழ் செய்திகள்'],
    ['Malayalam', 'മലയാളം'],
    ['Thai', 'ที่นี่ กรุณาคืนเงินให้ผู้ซื้อ น้ำ'],
    ['Lao', 'ເງິນຄືນແລ້ວ'],
    ['Khmer', 'ស្ត្រី ខ្ញុំ'],
    ['Burmese', 'မြွှောက် လျှော်'],
    ['Tibetan', 'བསྒྲུབས་པ'],
    ['pointed Hebrew', 'שָׁלוֹם שָּׁ בְּרֵאשִׁית'],
    ['pointed Arabic', 'مُحَمَّد اللَّٰه'],
    ['Japanese, decomposed', 'がぎぐ パピ'.normalize('NFD')],
    ['Korean, decomposed', '환불 요청'.normalize('NFD')],
  ])('are not those of a language: %s', (_, text) => {
    expect(flagsOfArgument(text)).toEqual([])
    expect(printable(text)).toBe(text)
  })

  test('are told by their code points, where the names of arguments have them too', () => {
    expect(flagsOf(envelopeWith({ args: { 'no\u0336te': '5\u03360' } }))).toEqual([
      {
        kind: 'overlaid',
        pointer: '/steps/0/args/no\u0336te',
        says: 'marks that are drawn over what is there: U+0336',
      },
    ])
    expect(namesOfFlags(envelopeWith({ args: { 'no\u0336te': 1 } }))).toEqual(['overlaid /steps/0/args/no\\u{336}te'])
  })
})

test('what is shown is the same when it is made fit to be shown again', () => {
  const unit = fc.constantFrom('a', '1', ' ', 'ก', '\u0301', '\u0301', '\u0336', '\u0e47', '\u200d', '\ufe0f', '\u3164')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      const shown = printable(text)
      expect(printable(shown)).toBe(shown)
    }),
  )
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
    expect(namesOfFlags(envelope)).toEqual([
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
      const names = namesOfFlags(envelopeWith({ args: { [`${'x'.repeat(length)}😀`]: 'b\u200bob' } }))
      expect(names.length).toBeGreaterThan(0)
      expect(JSON.stringify(names)).not.toMatch(/\\ud[89a-f]/)
    }
  })

  test('has a name without an odd character of its own', () => {
    for (const name of namesOfFlags(envelopeWith({ args: { 'a\n\u202eb': 'pаypal\u200b' } }))) {
      expect(name).toMatch(/^[\x20-\x7e]+$/)
    }
  })
})
