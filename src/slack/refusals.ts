import type { SlackPost } from '../control-plane/slack/slack-posts.js'
import { deliveryPauseMs } from '../domain/delivery.js'

type Place = Pick<SlackPost, 'channel' | 'ts'>

/** What Slack did not let be drawn anew of late, so that it is not asked at every look. */
export interface Refusals {
  /** Whether this drawing is to wait. Another one, or none that was refused, is tried at once. */
  readonly waits: (place: Place, drawn: string) => boolean
  /** It was refused: the next try comes later than the last one did. */
  readonly note: (place: Place, drawn: string) => void
  readonly forget: (place: Place) => void
}

export function createRefusals(): Refusals {
  const refused = new Map<string, { readonly drawn: string; readonly tries: number; readonly againAt: number }>()
  const keyOf = ({ channel, ts }: Place) => `${channel} ${ts}`
  return {
    waits: (place, drawn) => {
      const last = refused.get(keyOf(place))
      return last !== undefined && last.drawn === drawn && Date.now() < last.againAt
    },
    note: (place, drawn) => {
      const last = refused.get(keyOf(place))
      const tries = last?.drawn === drawn ? last.tries + 1 : 1
      refused.set(keyOf(place), { drawn, tries, againAt: Date.now() + deliveryPauseMs(tries, Math.random()) })
    },
    forget: (place) => void refused.delete(keyOf(place)),
  }
}
