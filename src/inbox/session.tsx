import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { type Api, createApi } from './api/api.js'
import { asProblem, type Problem } from './api/problem.js'
import type { Me } from './api/views.js'

/** Who is signed in on this browser. */
interface Session {
  readonly me: Me
  readonly api: Api
  /** Asks who it is again, as after a passkey was registered or the sign-in ran out. Not answered, it stays as it was. */
  readonly again: (signal?: AbortSignal) => Promise<void>
}

export type SessionState = { readonly known: 'asking' | 'nobody' | 'unclear'; readonly problem?: Problem } | Session

const Present = createContext<Session | null>(null)

export function useSessionState(): SessionState & Pick<Session, 'again'> {
  const [state, setState] = useState<SessionState>({ known: 'asking' })
  const again = useCallback(async (signal?: AbortSignal) => {
    try {
      const me = await createApi(null).get<Me>('/v1/me', signal)
      setState((before) => (isStill(before, me) ? before : { me, api: createApi(me.csrf), again }))
    } catch (error) {
      if (signal?.aborted) return
      const problem = asProblem(error)
      if (problem.status === 401) setState({ known: 'nobody' })
      // Who is signed in may not be here any more: another one may.
      else if (problem.status === 403) setState({ known: 'nobody', problem })
      else setState((before) => ('me' in before ? before : { known: 'unclear', problem }))
    }
  }, [])
  useEffect(() => void again(), [again])
  return useMemo(() => ({ ...state, again }), [state, again])
}

function isStill(state: SessionState, me: Me): boolean {
  return 'me' in state && JSON.stringify(state.me) === JSON.stringify(me)
}

export function SessionProvider({
  session,
  children,
}: {
  readonly session: Session
  readonly children: ComponentChildren
}) {
  return <Present.Provider value={session}>{children}</Present.Provider>
}

/** Only within what is shown to somebody who is signed in. */
export function useSession(): Session {
  const session = useContext(Present)
  if (session === null) throw new Error('nobody is signed in')
  return session
}
