import { expect, test } from 'vitest'
import { startApi } from './cli-api-server.js'

test('inbox --open gives the address that signs in once, and nothing else, to whoever reads its output', async () => {
  const link = { url: 'http://localhost:7400/inbox/sign-in#ln_acme_x', expires_at: '2026-06-18T10:00:00.000Z' }
  const api = await startApi({ 'POST /v1/sign-in-links': link })
  const { code, stdout, stderr } = await api.run(['inbox', '--open'])
  expect([code, stdout.trim()]).toEqual([0, link.url])
  expect(stderr).toContain('works once')
  const json = await api.run(['inbox', '--open', '-o', 'json'])
  expect(JSON.parse(json.stdout)).toEqual(link)
  await api.close()
})
