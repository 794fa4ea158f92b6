import { type Change, everything } from '../domain/change.js'
import { ExequaturError } from '../domain/errors.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'
import { callerAgain } from './sign-in/signed-in.js'

/** Whoever watches: `told` of every change, and `ended` where the credential is good for nothing any more. */
export interface Watcher {
  readonly told: (change: Change) => void
  readonly ended: () => void
}

/** Browser tabs and programs of one person, on one server. */
const mostPerPerson = 8

/** Lets people of a tenant watch what changes there, each in so many places at once. */
export function createWatches(plane: Pick<ControlPlane, 'changes' | 'authorities' | 'pool' | 'inbox'>) {
  const watching = new Map<string, number>()
  return {
    /**
     * Tells of changes until what it returns is called; at first, that everything is to be looked at. Throws `EXQ-2002`
     * for an agent, `EXQ-5042` where there are too many.
     */
    open: (caller: Caller, { told, ended }: Watcher) => {
      requirePerson(caller, 'watch what changes')
      const { tenant, principal } = caller
      const key = `${tenant}/${principal.principal}`
      const before = watching.get(key) ?? 0
      if (before >= mostPerPerson)
        throw new ExequaturError('EXQ-5042', `${principal.principal} watches in ${before} places`)
      watching.set(key, before + 1)
      const unsubscribe = plane.changes.subscribe(tenant, told)
      told(everything)
      let open = true
      return {
        /** Ends it where the credential has ended, or nobody can say whether it has. */
        lookAgain: async () => {
          try {
            await callerAgain(plane, caller)
          } catch {
            ended()
          }
        },
        close: () => {
          if (!open) return
          open = false
          unsubscribe()
          const left = (watching.get(key) ?? 1) - 1
          if (left > 0) watching.set(key, left)
          else watching.delete(key)
        },
      }
    },
  }
}
