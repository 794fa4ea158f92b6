import type { JsonObject } from '../src/domain/json.js'

/** The durable steps of an action: local activities, and calls of its tool in another process. */
export type Shape = readonly ('local' | CallPhase)[]
export type CallPhase = 'observe' | 'execute' | 'verify'

/** Which tool a floor calls, and how. */
export interface Call {
  readonly tool: string
  readonly args: JsonObject
  readonly key: string
}

export interface FloorActivities {
  nothing(): Promise<{ readonly result: 'ok' }>
}

export const floorQueue = 'bench-floor'
export const effectQueue = 'bench-effects'

interface HistoryEvent {
  readonly eventType?: unknown
  readonly markerRecordedEventAttributes?: { readonly markerName?: string | null } | null
  readonly activityTaskScheduledEventAttributes?: { readonly activityId?: string | null } | null
}

/** The shape of an action that really ran, from its history: so the floor always has as many steps as we do. */
export function shapeOf(events: readonly HistoryEvent[]): Shape {
  return events.flatMap((event) => {
    if (event.markerRecordedEventAttributes?.markerName === 'core_local_activity') return ['local' as const]
    const id = event.activityTaskScheduledEventAttributes?.activityId
    // `<step>.<phase>` or `<step>.<phase>.<round>`
    return id ? [id.split('.')[1] as CallPhase] : []
  })
}

/** `LLAL`: local, local, activity, local. */
export function tellShape(shape: Shape): string {
  return shape.map((step) => (step === 'local' ? 'L' : 'A')).join('')
}
