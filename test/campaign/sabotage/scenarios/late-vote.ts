import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.js'

const hourMs = 3_600_000
const slow = `globalThis.Date = class extends Date { static now() { return super.now() - ${hourMs} } constructor(...given) { given.length ? super(...given) : super(Date.now()) } }`

/** The clocks of all our processes are an hour behind that of the ledger; somebody votes when it is too late. */
export const lateVote: Scenario = {
  name: 'a vote comes too late, and our clocks are slow',
  env: {
    CAMPAIGN_APPROVAL_TTL: '8s',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slow)}`,
  },
  play: async ({ ask, approval, vote, executor }) => {
    await executor('executor-1')
    const action = await ask('keyed', ['late_vote'], 1_100)
    const { expires_at } = await approval(action)
    await pause(Math.max(0, Date.parse(expires_at) - Date.now()) + 3_000)
    await vote('ann', action)
  },
}
