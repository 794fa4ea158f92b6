import { type Change, type Changes, everything, type Topic, topics } from '../domain/change.js'
import type { Listening } from './listener.js'

type Told = (change: Change) => void

/** As the triggers of the ledger write it. A tenant `*` is all of them. */
interface Payload {
  readonly tenant: string
  readonly topics: readonly Topic[]
  readonly action_id: string | null
}

/** The changes that a listener hears. What one transaction tells of an action arrives at once, and is told as one change. */
export function createChanges(): Changes & Listening {
  const subscribers = new Map<string, Set<Told>>()
  const waiting = new Map<string, { tenant: string; topics: Set<Topic>; action_id: string | null }>()

  function tellAll(): void {
    const changes = [...waiting.values()]
    waiting.clear()
    for (const { tenant, topics: changed, action_id } of changes) {
      const change: Change = { topics: topics.filter((topic) => changed.has(topic)), ...(action_id && { action_id }) }
      const told = tenant === '*' ? [...subscribers.values()] : [subscribers.get(tenant) ?? new Set<Told>()]
      for (const each of told) for (const tell of each) tell(change)
    }
  }

  return {
    heard: (text) => {
      const payload = read(text)
      if (!payload) return
      const { tenant, topics: changed, action_id } = payload
      const key = JSON.stringify([tenant, action_id])
      if (waiting.size === 0) setImmediate(tellAll)
      const known = waiting.get(key) ?? { tenant, topics: new Set(), action_id }
      for (const topic of changed) known.topics.add(topic)
      waiting.set(key, known)
    },
    missed: () => {
      for (const each of subscribers.values()) for (const tell of each) tell(everything)
    },
    subscribe: (tenant, told) => {
      // Each subscription is one of its own, though the function may be the same.
      const tell: Told = (change) => told(change)
      const of = subscribers.get(tenant) ?? new Set()
      subscribers.set(tenant, of.add(tell))
      return () => {
        of.delete(tell)
        if (of.size === 0 && subscribers.get(tenant) === of) subscribers.delete(tenant)
      }
    },
  }
}

/** Whoever logs in to the database can say anything on a channel: what is not as the triggers write it says nothing. */
function read(text: string): Payload | null {
  try {
    const { tenant, topics: changed, action_id = null } = JSON.parse(text) as Partial<Payload>
    if (typeof tenant !== 'string' || !Array.isArray(changed)) return null
    if (action_id !== null && typeof action_id !== 'string') return null
    return { tenant, topics: topics.filter((topic) => changed.includes(topic)), action_id }
  } catch {
    return null
  }
}
