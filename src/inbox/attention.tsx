import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Listing, listAll } from './api/api.js'
import type { Attention } from './api/views.js'
import { type Heard, useAnswer } from './live/use-answer.js'
import { useSession } from './session.js'

const Needed = createContext<Heard<Listing<Attention>>>({ answer: null, problem: null, again: async () => undefined })

/** What needs the attention of whoever is signed in, on every screen: it is counted beside its link. */
export function AttentionProvider({ children }: { readonly children: ComponentChildren }) {
  const { api } = useSession()
  const heard = useAnswer((signal) => listAll<Attention>(api, '/v1/attention', signal), ['attention'], 'attention')
  return <Needed.Provider value={heard}>{children}</Needed.Provider>
}

export function useAttention(): Heard<Listing<Attention>> {
  return useContext(Needed)
}
