/**
 * Where a process can be made to die in the middle of its work, in the order in which an action passes them. Each name
 * is placed once in the code; `<what has just happened>`, or `<what is about to happen>`.
 */
export const crashPoints = [
  // The request at the door.
  'request.checked',
  'request.admitted',
  'request.started',
  // What is decided, and by whom.
  'plan.validated',
  'policy.decided',
  'policy.recorded',
  'approval.sealed',
  'approval.noticed',
  'approval.verified',
  'vote.received',
  'vote.recorded',
  'vote.hinted',
  // Authority, used up once.
  'intent.decided',
  'intent.unwritten',
  'intent.unanswered',
  'attempt.unwritten',
  'attempt.unanswered',
  'call.claimed',
  // The call: what lies between these two is the downstream's to see.
  'call.unsent',
  'call.answered',
  // What came of it.
  'outcome.unwritten',
  'outcome.unanswered',
  'outcome.recorded',
  'verification.begun',
  'verification.looked',
  'verification.recorded',
  // Undoing.
  'halt.unwritten',
  'halt.recorded',
  'undo.claimed',
  'undo.unsent',
  'undo.called',
  'undo.recorded',
  // The end, and the trail.
  'ending.unwritten',
  'ending.recorded',
  'trail.exported',
  'trail.sealed',
] as const

export type CrashPoint = (typeof crashPoints)[number]

interface Armed {
  readonly point: CrashPoint
  /** Passes until it takes effect. */
  left: number
}

const variable = 'EXEQUATUR_CRASH_AT'
const armed = read(process.env)

/** Ends this process at once, as a power cut would, where EXEQUATUR_CRASH_AT names this point. Only in tests. */
export function crashPoint(point: CrashPoint): void {
  if (armed === null || typeof armed === 'string' || armed.point !== point) return
  armed.left -= 1
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL')
}

/** Why a process may not start with this environment; null if it may. */
export function crashPointProblem(env: NodeJS.ProcessEnv = process.env): string | null {
  const asked = read(env)
  return typeof asked === 'string' ? asked : null
}

function read(env: NodeJS.ProcessEnv): Armed | string | null {
  const wish = env[variable]
  if (!wish) return null
  if (env.NODE_ENV !== 'test') return `${variable} is for tests only: unset it, or set NODE_ENV=test.`
  const [name, nth = '1', ...more] = wish.split(':')
  const point = crashPoints.find((known) => known === name)
  if (point && more.length === 0 && /^[1-9]\d{0,5}$/.test(nth)) return { point, left: Number(nth) }
  return `${variable} is ${wish}; it reads <point>[:nth], with one of the points ${crashPoints.join(', ')}.`
}
