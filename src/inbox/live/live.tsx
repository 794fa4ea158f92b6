import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { useSession } from '../session.js'
import { type LiveState, listen } from './connection.js'

export type Topic = 'approvals' | 'attention' | 'actions' | 'stops' | 'reviews'

interface Live {
  readonly state: LiveState
  /** Calls back when something of a topic may have changed. Returns what ends it. */
  readonly onChange: (topics: readonly Topic[], call: () => void) => () => void
}

const Channel = createContext<Live>({ state: 'connecting', onChange: () => () => undefined })

/** One connection for the whole page. */
export function LiveProvider({ children }: { readonly children: ComponentChildren }) {
  const { again } = useSession()
  const [state, setState] = useState<LiveState>('connecting')
  const [subscribers] = useState(() => new Set<(topics: readonly string[]) => void>())
  useEffect(
    () =>
      listen({
        state: setState,
        changed: (topics) => subscribers.forEach((subscriber) => void subscriber(topics)),
        again,
        signedOut: () => void again(),
      }),
    [subscribers, again],
  )
  // The same for ever: who listens is not made to begin anew when the state changes, which is when everything changes.
  const onChange = useCallback<Live['onChange']>(
    (topics, call) => {
      const subscriber = (changed: readonly string[]) => {
        if (topics.some((topic) => changed.includes(topic))) call()
      }
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    [subscribers],
  )
  const live = useMemo<Live>(() => ({ state, onChange }), [state, onChange])
  return <Channel.Provider value={live}>{children}</Channel.Provider>
}

export function useLive(): Live {
  return useContext(Channel)
}
