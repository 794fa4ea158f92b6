import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isExequaturError } from '../../src/domain/errors.js'
import { parseStrictJson } from '../../src/http/strict-json.js'
import { type HttpDesk, openHttpDesk, refund } from './http-desk.js'

const codeOf = (text: string): string => {
  try {
    parseStrictJson(Buffer.from(text))
    return 'parsed'
  } catch (error) {
    return isExequaturError(error) ? error.code : 'not coded'
  }
}

const name = fc.string({ unit: 'grapheme' }).filter((name) => !['__proto__', 'constructor'].includes(name))
const text = fc.string({ unit: 'grapheme' })
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

describe('strict JSON', () => {
  test('is what JSON.parse makes of it, where it is plain', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space)
        fc.pre(!text.includes('\\u0000') && !/\\ud[89a-f]/.test(text))
        expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('has no name twice, at any depth and in any spelling', () => {
    fc.assert(
      fc.property(name, plain, plain, fc.nat(20), fc.boolean(), (name, first, second, depth, escaped) => {
        fc.pre(!/\p{Cs}|\0/u.test(name))
        const spelled = escaped
          ? `"${[...name].map((char) => [...char].flatMap(unitsOf).join('')).join('')}"`
          : JSON.stringify(name)
        const twice = `{${JSON.stringify(name)}:${JSON.stringify(first)} , ${spelled} :${JSON.stringify(second)}}`
        expect(codeOf(`${'[{"a":'.repeat(depth / 2)}${twice}${'}]'.repeat(depth / 2)}`)).not.toBe('parsed')
      }),
    )
  })

  test('may have one name in two objects, and in a text', () => {
    expect(codeOf('{"a":{"a":[{"a":1},{"a":"\\"a\\":"}]},"b":"a"}')).toBe('parsed')
  })

  test.each([
    ['{"a":1,"a":1}', 'EXQ-1001'],
    ['{"a":{"__proto__":1}}', 'EXQ-1001'],
    ['{"\\u005f_proto__":1}', 'EXQ-1001'],
    ['{"constructor":null}', 'EXQ-1001'],
    ['["constructor"]', 'parsed'],
    ['[9007199254740991, -9007199254740991, 0.5]', 'parsed'],
    ['[9007199254740992]', 'EXQ-1002'],
    ['[1e400]', 'EXQ-1002'],
    ['["\\ud83d\\ude00"]', 'parsed'],
    ['["\\ude00\\ud83d"]', 'EXQ-1002'],
    ['{"\\u0000":1}', 'EXQ-1002'],
    [`${'['.repeat(32)}${']'.repeat(32)}`, 'parsed'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'EXQ-1002'],
    ['\ufeff{}', 'parsed'],
    ['{} {}', 'EXQ-1001'],
    ["{'a':1}", 'EXQ-1001'],
    ['NaN', 'EXQ-1001'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })
})

describe('whatever is sent', () => {
  let desk: HttpDesk
  beforeAll(async () => {
    desk = await openHttpDesk()
  })
  afterAll(() => desk.close())

  test('is answered with a code, and never with a 500', async () => {
    const template = Buffer.from(JSON.stringify(refund('fuzz', { context: { reason: 'x' } })))
    const mutated = fc
      .array(fc.tuple(fc.nat(template.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 })
      .map((changes) => {
        const bytes = Buffer.from(template)
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 50 }).map(Buffer.from)), async (body) => {
        const answer = await desk.submit(body)
        if (answer.status === 202) return
        expect(answer.body.code).toMatch(/^EXQ-1/)
        expect(answer.status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
  })

  test('and any text that JSON allows is kept, or refused with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (reason) => {
        const answer = await desk.submit(refund(`t${Math.random()}`, { context: { reason } }))
        expect([202, 400]).toContain(answer.status)
      }),
      { numRuns: 60 },
    )
  })
})

function unitsOf(char: string): string[] {
  return char.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
