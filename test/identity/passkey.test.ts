import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Assertion,
  encodeAssertion,
  isAsserted,
  parseAssertion,
  parsePasskey,
} from '../../src/identity/passkey.js'
import { isProvenBy } from '../../src/identity/person-proof.js'
import { type Authenticator, algorithms, newAuthenticator, type Said } from '../_util/authenticator.js'
import { newKey } from '../_util/person-key.js'

const page = 'https://exequatur.example'
const statement = '{"vote":"approve"}'
const made = Object.fromEntries(algorithms.map((algorithm) => [algorithm, newAuthenticator(page, algorithm)]))
const passkeyOf = ({ key_id, public_key }: Pick<Authenticator, 'key_id' | 'public_key'>) => ({
  key_id,
  public_key,
  rp_id: 'exequatur.example',
  origin: page,
})

/** What another implementation says of the same assertion. */
async function byTheLibrary(key: Authenticator, assertion: Assertion): Promise<boolean> {
  const challenge = JSON.parse(Buffer.from(key.assert(statement).client_data, 'base64url').toString()).challenge
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: key.credential_id,
        rawId: key.credential_id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          authenticatorData: assertion.authenticator_data,
          clientDataJSON: assertion.client_data,
          signature: assertion.signature,
        },
      },
      expectedChallenge: challenge,
      expectedOrigin: page,
      expectedRPID: 'exequatur.example',
      credential: { id: key.credential_id, publicKey: new Uint8Array(key.cose), counter: 0 },
      requireUserVerification: true,
    })
    return verified
  } catch {
    return false
  }
}

describe.each(algorithms)('an assertion by %s', (algorithm) => {
  const key = made[algorithm] as Authenticator
  const passkey = passkeyOf(key)

  test('of the passkey, over the statement, on its page, is one', async () => {
    const assertion = key.assert(statement)
    expect(isAsserted(passkey, statement, assertion)).toBe(true)
    expect(await byTheLibrary(key, assertion)).toBe(true)
  })

  const wrong: readonly (readonly [string, Said])[] = [
    ['that nobody was there for', { flags: 0x04 }],
    ['by somebody who was not verified', { flags: 0x01 }],
    ['with no flag at all', { flags: 0x00 }],
    ['of another page', { origin: 'https://evil.example' }],
    ['of the same host on another port', { origin: `${page}:8443` }],
    ['of a page below', { origin: `${page}/` }],
    ['for another site', { rpId: 'evil.example' }],
    ['for the page instead of its site', { rpId: page }],
    ['of another challenge', { challenge: 'AAAA' }],
    ['of a challenge with more behind it', { challenge: `${challenge()}=` }],
    ['that makes a passkey', { type: 'webauthn.create' }],
  ]
  test.each(wrong)('%s is none', async (_what, said) => {
    const assertion = key.assert(statement, said)
    expect(isAsserted(passkey, statement, assertion)).toBe(false)
    expect(await byTheLibrary(key, assertion)).toBe(false)
  })

  test.each<readonly [string, Said]>([
    ['in a frame of another site', { client: { crossOrigin: true } }],
    ['below a page of another site', { client: { topOrigin: 'https://evil.example' } }],
    ['that brings a key with it', { flags: 0x45 }],
    ['that says it is extended, and is not', { flags: 0x85 }],
  ])('%s is none either, whatever others say', (_what, said) => {
    expect(isAsserted(passkey, statement, key.assert(statement, said))).toBe(false)
  })

  test('is none over other bytes, or by another key', () => {
    const assertion = key.assert(statement)
    expect(isAsserted(passkey, `${statement} `, assertion)).toBe(false)
    const other = newAuthenticator(page, algorithm)
    expect(isAsserted(passkeyOf(other), statement, assertion)).toBe(false)
    expect(isAsserted({ ...passkeyOf(other), key_id: key.key_id }, statement, assertion)).toBe(false)
    expect(isAsserted({ ...passkey, key_id: other.key_id }, statement, assertion)).toBe(false)
    expect(isAsserted({ ...passkey, rp_id: 'other.example' }, statement, assertion)).toBe(false)
    expect(isAsserted({ ...passkey, origin: 'https://other.example' }, statement, assertion)).toBe(false)
  })

  test('is none once anything of it is changed, cut off or added, however a signature may be written', async () => {
    const assertion = key.assert(statement)
    const parts = ['authenticator_data', 'client_data', 'signature'] as const
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...parts),
        fc.constantFrom('flip', 'cut', 'add', 'respell'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (part, how, at, by) => {
          const bytes = Buffer.from(assertion[part], 'base64url')
          const changed = {
            flip: () => Buffer.from(bytes.map((byte, index) => (index === at % bytes.length ? byte ^ by : byte))),
            cut: () => bytes.subarray(0, at % bytes.length),
            add: () => Buffer.concat([bytes, Buffer.from([by])]),
            respell: () => null,
          }[how as 'flip' | 'cut' | 'add' | 'respell']()
          const text = changed ? changed.toString('base64url') : `${assertion[part]}=`
          const other = { ...assertion, [part]: text }
          expect(isAsserted(passkey, statement, other)).toBe(false)
          // The library also reads signatures that are not quite DER.
          if (changed && part !== 'signature') expect(await byTheLibrary(key, other)).toBe(false)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('is kept as text, and read again only as it was kept', () => {
    const assertion = key.assert(statement)
    const text = encodeAssertion(assertion)
    const row = { ...passkey, kind: 'passkey' } as const
    expect(parseAssertion(text)).toEqual(assertion)
    expect(isProvenBy(row, statement, text)).toBe(true)
    for (const other of [` ${text}`, text.replace('{', '{"x":1,'), '', 'null', '[]', '{}', assertion.signature])
      expect(isProvenBy(row, statement, other)).toBe(false)
    expect(isProvenBy({ ...row, kind: 'ed25519' }, statement, text)).toBe(false)
    expect(isProvenBy({ ...row, rp_id: null }, statement, text)).toBe(false)
  })
})

function challenge(): string {
  const assertion = newAuthenticator(page).assert(statement)
  return JSON.parse(Buffer.from(assertion.client_data, 'base64url').toString()).challenge
}

test('a key that people keep on their machine is no passkey, and a passkey no such key', () => {
  const own = newKey()
  const row = { key_id: own.key_id, public_key: own.public_key, rp_id: 'exequatur.example', origin: page }
  expect(isProvenBy({ ...row, kind: 'ed25519' }, statement, own.sign(statement))).toBe(true)
  expect(isProvenBy({ ...row, kind: 'passkey' }, statement, own.sign(statement))).toBe(false)
  const passkey = made.EdDSA as Authenticator
  expect(parsePasskey(passkey.public_key)?.key_id).toBe(passkey.key_id)
  expect(passkey.key_id).toMatch(/^passkey:[0-9a-f]{32}$/)
})

test.each([
  ['nothing', ''],
  ['no key', 'AAAA'],
  ['a curve that passkeys do not use here', 'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE'],
])('%s is no public key of a passkey', (_what, text) => {
  expect(parsePasskey(text)).toBeNull()
})
