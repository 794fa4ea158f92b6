import { describe, expect, test } from 'vitest'
import type { ProcessConfig } from '../../src/config/config.js'
import { inboxRulesOf } from '../../src/config/inbox-rules.js'

function rulesAt(publicUrl: string | undefined) {
  const deployment = { inboxTimes: { signInForMs: 1, idleForMs: 1 } }
  const config = { deployment, env: () => '7411', optional: () => publicUrl }
  return inboxRulesOf(config as unknown as ProcessConfig)
}

describe('where the inbox is', () => {
  test('is said by the setting, else by the port', () => {
    expect(rulesAt(undefined).publicUrl).toBe('http://localhost:7411')
    expect(rulesAt('https://exequatur.example').publicUrl).toBe('https://exequatur.example')
    expect(rulesAt('https://exequatur.example:443/').publicUrl).toBe('https://exequatur.example')
    expect(rulesAt('http://127.0.0.1:7400').publicUrl).toBe('http://127.0.0.1:7400')
  })

  test.each([
    'http://exequatur.example',
    'https://exequatur.example/inbox',
    'https://exequatur.example/?x',
    'https://user:word@exequatur.example',
    'exequatur.example',
    'javascript:alert(1)',
  ])('is never %s', (url) => {
    expect(() => rulesAt(url)).toThrow(/EXQ-7001 .*EXEQUATUR_PUBLIC_URL/)
  })
})
