import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { useSession } from '../session.js'
import { tellAge, tellMoment } from '../words.js'

const Now = createContext(0)

/** Ticks once a second for everything that shows how long. */
export function ClockProvider({ children }: { readonly children: ComponentChildren }) {
  const { api } = useSession()
  const [now, setNow] = useState(api.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1_000)
    return () => clearInterval(timer)
  }, [api])
  return <Now.Provider value={now}>{children}</Now.Provider>
}

/** Milliseconds, by the server's clock. */
export function useNow(): number {
  return useContext(Now)
}

export function Age({ at }: { readonly at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={tellMoment(at)}>
      {tellAge(now - Date.parse(at))}
    </time>
  )
}

export function Moment({ at }: { readonly at: string }) {
  return <time dateTime={at}>{tellMoment(at)}</time>
}
