import { signInErrors } from '../../domain/sign-in-errors.js'

/** What the API answered instead of what was asked for: RFC 9457, with the code of the error table. */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    /** HTTP status; 0 where the server was not reached. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly remedy: string,
  ) {
    super(`${code} ${title}: ${detail}`)
  }
}

export function problemOf(status: number, body: unknown): Problem {
  const { code, title, detail, remedy } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  const text = (value: unknown, other: string) => (typeof value === 'string' ? value : other)
  return new Problem(
    status,
    text(code, ''),
    text(title, 'The server gave an answer that makes no sense'),
    text(detail, `status ${status}`),
    text(remedy, 'Try again; if it stays, tell whoever runs this server.'),
  )
}

export function unreached(): Problem {
  return new Problem(
    0,
    '',
    'The server cannot be reached',
    'nothing was sent or decided that is not shown here',
    'Look at your connection, then try again.',
  )
}

/** What the server says in the address when signing in through an issuer did not succeed; null if it says nothing. */
export function issuerProblem(search: string): Problem | null {
  const code = new URLSearchParams(search).get('problem')
  if (code === null) return null
  const known = Object.entries(signInErrors).find(([each]) => each === code)
  if (!known) return new Problem(0, /^EXQ-\d{4}$/.test(code) ? code : '', ...unclear)
  const [, { title, remedy }] = known
  return new Problem(0, code, title, '', remedy)
}

const unclear = ['Nobody was signed in', '', 'Start again; if it stays, tell whoever runs this server.'] as const

/** Anything thrown, as something that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const said = error instanceof Error ? error.message : String(error)
  return new Problem(0, '', 'That did not work in this browser', said, 'Try again, or use another browser.')
}
