/**
 * A ticket tracker that speaks Jira Cloud's REST API (version 3) as far as a refund desk needs it, remembers what it
 * did in a file, and can be told to fail. Run it as its own process:
 * `node --import tsx stand-ins/tracker.ts --port 0 --ledger tracker.jsonl`
 *
 * TRACKER_EMAIL, TRACKER_TOKEN  the caller it accepts (default `desk@example.com`, `tracker_token_refund_desk`)
 * TRACKER_PROJECTS              keys of the projects that are there (default `DESK`)
 * TRACKER_SEARCH_LAG_MS         how long search does not find a new ticket (default 0)
 */
import { readMilliseconds } from './process-options.js'
import { runStandIn } from './stateful-server.js'
import { plainAnswers, unauthorized } from './tracker/errors.js'
import type { TrackerEffect, TrackerSeed } from './tracker/facts.js'
import { issueRoutes } from './tracker/issues.js'
import { searchRoutes } from './tracker/search.js'
import { readTrackerSeed } from './tracker/seed.js'
import { TrackerState } from './tracker/state.js'

const email = process.env.TRACKER_EMAIL ?? 'desk@example.com'
const token = process.env.TRACKER_TOKEN ?? 'tracker_token_refund_desk'
const basic = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
const state = new TrackerState((process.env.TRACKER_PROJECTS ?? 'DESK').split(','))

runStandIn<TrackerEffect, TrackerSeed>({
  name: 'tracker',
  routes: [...issueRoutes(state), ...searchRoutes(state, readMilliseconds('TRACKER_SEARCH_LAG_MS', 0))],
  answers: plainAnswers,
  // No keys, no memory: what was asked twice is done twice.
  memory: { recall: () => undefined, keep: () => ({}) },
  authorize: (call) => (call.headers.authorization === basic ? undefined : unauthorized),
  apply: (line) => state.apply(line),
  readSeed: (body) => readTrackerSeed(body, state),
  otherwise: (effect) =>
    effect.effect === 'issue.created'
      ? { ...effect, summary: 'Something else', issue: { ...effect.issue, summary: 'Something else' } }
      : effect,
  headers: () => ({}),
})
