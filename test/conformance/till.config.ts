import { randomUUID } from 'node:crypto'
import { defineConfig } from 'exequatur'
import { lookAt, payIn } from './fixtures/till-tools.js'
import { openTill } from './till.js'

/** A configuration with a tool that breaks its promise, and one that nobody checks. */
export default defineConfig({
  deployment: 'till',
  tenants: ['acme'],
  groups: [],
  policies: './policies',
  budgets: [{ name: 'few', per: ['agent'], of: 'writes', limit: 5, window: '1h' }],
  tools: async () => [payIn('idempotent-by-key', 'a random key for each call', '10s'), lookAt(undefined, '10s')],
  checks: async () => {
    const till = await openTill()
    return {
      tools: {
        pay_in: {
          input: () => ({ account: randomUUID() }),
          world: {
            env: { TILL_URL: till.url, TILL_TOKEN: till.token },
            relay: ['TILL_URL'],
            effects: async ({ account }) => till.count(String(account)),
          },
        },
      },
      close: till.close,
    }
  },
})
