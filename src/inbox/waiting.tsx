import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Listing, listAll } from './api/api.js'
import type { Approval } from './api/views.js'
import { type Heard, useAnswer } from './live/use-answer.js'
import { useSession } from './session.js'

const Waiting = createContext<Heard<Listing<Approval>>>({ answer: null, problem: null, again: async () => undefined })

/** What waits for whoever is signed in, on every screen: its count is in the title. */
export function WaitingProvider({ children }: { readonly children: ComponentChildren }) {
  const { api } = useSession()
  const heard = useAnswer((signal) => listAll<Approval>(api, '/v1/approvals', signal), ['approvals'], 'approvals')
  return <Waiting.Provider value={heard}>{children}</Waiting.Provider>
}

export function useWaiting(): Heard<Listing<Approval>> {
  return useContext(Waiting)
}
