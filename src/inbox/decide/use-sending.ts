import { useRef, useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.js'

export interface Sending {
  readonly busy: boolean
  readonly problem: Problem | null
  /** Does something once: a second press while it is under way does nothing. */
  readonly send: (work: () => Promise<void>) => void
}

/** What a button has set going. */
export function useSending(): Sending {
  const under = useRef(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const send = (work: () => Promise<void>) => {
    if (under.current) return
    under.current = true
    setBusy(true)
    setProblem(null)
    work()
      .catch((error: unknown) => setProblem(asProblem(error)))
      .finally(() => {
        under.current = false
        setBusy(false)
      })
  }
  return { busy, problem, send }
}
