import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.js'
import { useSession } from '../session.js'
import { type Topic, useLive } from './live.js'

/** What was last heard of something, and why nothing newer is. */
export interface Heard<Answer> {
  readonly answer: Answer | null
  readonly problem: Problem | null
  readonly again: () => Promise<void>
}

interface Asking {
  readonly own: AbortController
  /** Something changed meanwhile: it is asked once more. */
  anew: boolean
}

const whileOldMs = 5_000
const togetherMs = 100

/** Asks, and asks again when a topic changes; and from time to time while what is shown may be old. */
export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  topics: readonly Topic[],
  key: string,
): Heard<Answer> {
  const { again: whoAmI } = useSession()
  const { state, onChange } = useLive()
  const [heard, setHeard] = useState<Omit<Heard<Answer>, 'again'>>({ answer: null, problem: null })
  const asking = useRef<Asking | null>(null)
  const latest = useRef(ask)
  latest.current = ask

  const again = useCallback(async () => {
    if (asking.current) {
      asking.current.anew = true
      return
    }
    const present: Asking = { own: new AbortController(), anew: true }
    asking.current = present
    const { signal } = present.own
    while (present.anew && !signal.aborted) {
      present.anew = false
      const now = await latest.current(signal).then(
        (answer) => ({ answer, problem: null }),
        (error: unknown) => ({ problem: asProblem(error) }),
      )
      if (signal.aborted) return
      if (now.problem?.status === 401) void whoAmI()
      setHeard((before) => ({ ...before, ...now }))
    }
    asking.current = null
  }, [whoAmI])

  useEffect(() => {
    setHeard({ answer: null, problem: null })
    void again()
    return () => {
      asking.current?.own.abort()
      asking.current = null
    }
  }, [key, again])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onChange(topics, () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void again()
      }, togetherMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [onChange, again])

  const mayBeOld = state === 'lost' || (heard.problem !== null && passes(heard.problem))
  useEffect(() => {
    if (!mayBeOld) return undefined
    const timer = setInterval(() => void again(), whileOldMs)
    return () => clearInterval(timer)
  }, [mayBeOld, again])

  return { ...heard, again }
}

/** Not reached, too often, or a fault of the server: another time it may answer. */
function passes({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500
}
