import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretsOf } from '../../src/credentials/secrets.js'

const printable = fc
  .string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
  .filter((text) => text.trim().length >= 8)
const around = fc.string({ maxLength: 20 })

describe('a secret in a text', () => {
  test.each<[string, (secret: string, before: string, after: string) => string]>([
    ['as it is', (secret, before, after) => before + secret + after],
    ['in a URL', (secret, before, after) => `https://x.example/?q=${encodeURIComponent(before + secret + after)}`],
    ['in a form', (secret, before) => new URLSearchParams([[`a${before}`, `b ${secret}`]]).toString()],
    ['in JSON', (secret, before, after) => JSON.stringify({ deep: [before + secret + after] })],
    ['in hexadecimal digits', (secret, before, after) => Buffer.from(before + secret + after).toString('hex')],
    ['in Base64', (secret, before, after) => Buffer.from(before + secret + after).toString('base64')],
    ['in Base64 for URLs', (secret, before, after) => Buffer.from(before + secret + after).toString('base64url')],
    ['in basic authorization', (secret, before) => `Basic ${Buffer.from(`${before}:${secret}`).toString('base64')}`],
  ])('is found and hidden: %s', (_how, write) => {
    fc.assert(
      fc.property(printable, around, around, (secret, before, after) => {
        const text = write(secret, before, after)
        const secrets = secretsOf([secret])
        expect(secrets.areIn(text)).toBe(true)
        expect(secrets.areIn(secrets.hide(text))).toBe(false)
      }),
    )
  })

  test('is found by its parts: passwords, lines of a key, claims of a token, fields of a file', () => {
    const key = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', '-----END PRIVATE KEY-----']
    const claims = Buffer.from('{"sub":"agent:desk"}').toString('base64url')
    const found: readonly (readonly [secret: string, part: string])[] = [
      ['postgres://desk:p%40ss-word@db.example/desk', 'p@ss-word'],
      ['postgres://desk:p%40ss-word@db.example/desk', 'p%40ss-word'],
      [`host=db.example user=desk password='p@ss-word'`, 'p@ss-word'],
      [key.join('\n'), key[1] as string],
      [`eyJhbGciOiJSUzI1NiJ9.${claims}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg`, claims],
      [JSON.stringify({ project_id: 'desk-4711', private_key: 'MIIEvQIBADANBg' }), 'MIIEvQIBADANBg'],
    ]
    for (const [secret, part] of found) expect(secretsOf([secret]).areIn(`it said ${part}!`), part).toBe(true)
    expect(secretsOf([JSON.stringify({ project_id: 'desk-4711', private_key: 'x' })]).areIn('desk-4711')).toBe(false)
  })

  test('is not seen where there is none', () => {
    const secrets = secretsOf(['sk_live_51H', 'abc'])
    for (const text of ['refunded in_123 for 4900', 'abc', '{"status":"succeeded"}', ''])
      expect(secrets.areIn(text)).toBe(false)
    expect(secretsOf([]).hide('nothing to hide')).toBe('nothing to hide')
  })
})
