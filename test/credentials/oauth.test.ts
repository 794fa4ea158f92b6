import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oauthClientCredentials } from '../../src/credentials/oauth-client-credentials.js'
import { tokenExchange } from '../../src/credentials/token-exchange.js'
import type { OAuthOptions } from '../../src/credentials/token-request.js'
import { type FlagService, startFlagService } from './flag-service.js'
import { type Issuer, startIssuer } from './issuer.js'
import { leaseRequest } from './lease-request.js'

let issuer: Issuer
let flags: FlagService

beforeAll(async () => {
  issuer = await startIssuer()
  flags = await startFlagService(issuer)
  process.env.OAUTH_TEST_SECRET = issuer.client.secret
})

afterAll(async () => {
  await flags.close()
  await issuer.close()
})

const options = (changes: Partial<OAuthOptions> = {}): OAuthOptions => ({
  issuer: issuer.url,
  clientId: issuer.client.id,
  clientSecret: 'env:OAUTH_TEST_SECRET',
  scope: { read: 'flags:read', write: 'flags:read flags:write' },
  resource: flags.audience,
  ...changes,
})

async function call(token: string, method = 'POST', service = flags): Promise<number> {
  const answer = await fetch(service.url, { method, headers: { authorization: `Bearer ${token}` } })
  await answer.text()
  return answer.status
}

describe('a token by client credentials', () => {
  test('is for its audience and its scope, and another one for each attempt', async () => {
    const source = oauthClientCredentials(options())
    const [one, two] = [await source.lease(leaseRequest()), await source.lease(leaseRequest({ attempt: 2 }))]
    expect(await call(one.secret)).toBe(200)
    expect(await call(two.secret)).toBe(200)
    expect(one.secret).not.toBe(two.secret)
    expect(one.lease_id).toBe(`jti:${decodeJwt(one.secret).jti}`)
    expect(one.expires_at?.getTime()).toBeLessThanOrEqual(Date.now() + 60_000)
    expect(one.hide).toEqual([issuer.client.secret])
  })

  test('for a look cannot write', async () => {
    const lease = await oauthClientCredentials(options()).lease(leaseRequest({ scope: 'read', phase: 'verify' }))
    expect(await call(lease.secret, 'GET')).toBe(200)
    expect(await call(lease.secret, 'POST')).toBe(401)
  })

  test('for somebody else is refused, and so is one whose time is up', async () => {
    const other = await oauthClientCredentials(options({ resource: 'https://other.example/' })).lease(leaseRequest())
    expect(await call(other.secret)).toBe(401)
    const brief = await startIssuer({ seconds: 2 })
    const of = await startFlagService(brief)
    try {
      const lease = await oauthClientCredentials(options({ issuer: brief.url, resource: of.audience })).lease(
        leaseRequest(),
      )
      await expect.poll(() => call(lease.secret, 'POST', of), { interval: 250 }).toBe(401)
    } finally {
      await of.close()
      await brief.close()
    }
  })

  test('is asked for by a client that proves itself, in a header or in the body', async () => {
    for (const clientAuthentication of ['basic', 'post'] as const) {
      const { secret } = await oauthClientCredentials(options({ clientAuthentication })).lease(leaseRequest())
      expect(await call(secret)).toBe(200)
      process.env.OAUTH_TEST_WRONG = 'not-the-secret'
      const wrong = options({ clientAuthentication, clientSecret: 'env:OAUTH_TEST_WRONG' })
      await expect(oauthClientCredentials(wrong).lease(leaseRequest())).rejects.toThrow(
        'the token endpoint answered 401 (invalid_client)',
      )
    }
  })

  test('that is opaque is revoked after the call; a signed one is left to expire', async () => {
    expect((await oauthClientCredentials(options()).lease(leaseRequest())).revoke).toBeUndefined()
    const opaque = await startIssuer({ signed: false })
    try {
      const lease = await oauthClientCredentials(options({ issuer: opaque.url })).lease(leaseRequest())
      expect(lease.lease_id).toMatch(/^token:/)
      expect(await opaque.isActive(lease.secret)).toBe(true)
      await lease.revoke?.(AbortSignal.timeout(5_000))
      expect(await opaque.isActive(lease.secret)).toBe(false)
    } finally {
      await opaque.close()
    }
  })
})

describe('a token by exchange', () => {
  test('has the rights of its subject, names its actor, and is for its audience alone', async () => {
    const subject = oauthClientCredentials(options({ resource: issuer.url }))
    const source = tokenExchange({
      ...options({ audience: flags.audience }),
      scope: 'flags:write',
      subject: { from: subject },
      actor: { from: oauthClientCredentials(options({ resource: issuer.url })) },
    })
    const lease = await source.lease(leaseRequest())
    expect(await call(lease.secret)).toBe(200)
    expect(flags.let_in.at(-1)).toMatchObject({
      aud: flags.audience,
      scope: 'flags:write',
      act: { sub: issuer.client.id },
    })
    // Also what was exchanged is hidden.
    expect(lease.hide?.length).toBeGreaterThanOrEqual(4)
  })

  test('takes its subject from a file or the environment too', async () => {
    const { secret } = await oauthClientCredentials(options({ resource: issuer.url })).lease(leaseRequest())
    process.env.OAUTH_TEST_SUBJECT = secret
    const source = tokenExchange({
      ...options({ audience: flags.audience }),
      subject: { from: 'env:OAUTH_TEST_SUBJECT' },
    })
    const lease = await source.lease(leaseRequest({ scope: 'read' }))
    expect(await call(lease.secret, 'GET')).toBe(200)
    expect(decodeJwt(lease.secret).act).toBeUndefined()
  })
})

describe('what an authorization server says', () => {
  test.each<[string, number, string, string]>([
    ['an error that repeats the secret', 400, '{"error":"SECRET","error_description":"SECRET"}', 'answered 400$'],
    ['no JSON', 200, 'SECRET', 'no answer that can be read$'],
    ['too much', 200, `{"x":"${'y'.repeat(70_000)}"}`, 'no answer that can be read$'],
    ['no token', 200, '{"token_type":"Bearer"}', 'gave no token$'],
    ['a token of another kind', 200, '{"access_token":"t","token_type":"mac"}', 'no bearer token$'],
    ['a redirect', 307, '', 'no answer that can be read$'],
  ])('is not repeated: %s', async (_what, status, body, expected) => {
    const secret = process.env.OAUTH_TEST_SECRET as string
    const server = createServer((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body.replaceAll('SECRET', secret))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { issuer: _, ...rest } = options()
    const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
    try {
      const message = await oauthClientCredentials({ ...rest, tokenUrl })
        .lease(leaseRequest())
        .then(
          () => 'a token',
          (error: Error) => error.message,
        )
      expect(message).toMatch(new RegExp(expected))
      expect(message).not.toContain(secret)
    } finally {
      await new Promise((done) => server.close(done))
    }
  })

  test('is believed only of itself: metadata of another issuer is refused', async () => {
    const elsewhere = issuer.url.replace('127.0.0.1', 'localhost')
    await expect(oauthClientCredentials(options({ issuer: elsewhere })).lease(leaseRequest())).rejects.toThrow(
      'the issuer does not describe itself',
    )
  })

  test.each([
    ['http to another machine', { issuer: 'http://login.example' }],
    ['a password in the address', { issuer: 'https://me:it@login.example' }],
    ['no address', { issuer: undefined }],
    ['two addresses', { tokenUrl: 'https://login.example/token' }],
  ])('is not even asked: %s', (_what, wrong) => {
    expect(() => oauthClientCredentials({ ...options(), ...wrong } as OAuthOptions)).toThrow('EXQ-7005')
  })
})
