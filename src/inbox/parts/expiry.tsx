import { tellDuration, tellMoment, tellRoughly } from '../words.js'
import { useNow } from './clock.js'

const soonMs = 5 * 60_000

/** How long is left to decide, ticking. Spoken only when it gets short: nobody wants to hear every second. */
export function Expiry({ at, roughly = false }: { readonly at: string; readonly roughly?: boolean }) {
  const left = Date.parse(at) - useNow()
  const name = left <= 0 ? 'over' : left < soonMs ? 'soon' : 'ample'
  return (
    <span class={`expiry expiry-${name}`}>
      <time dateTime={at} title={`until ${tellMoment(at)}`}>
        {left <= 0 ? 'Expired' : `${roughly && left >= soonMs ? tellRoughly(left) : tellDuration(left)} left`}
      </time>
      <span class="unseen" role="status">
        {warningAt(left)}
      </span>
    </span>
  )
}

function warningAt(left: number): string {
  if (left <= 0) return 'The time to decide is over.'
  if (left < 60_000) return 'Less than a minute is left to decide.'
  return left < soonMs ? 'Less than five minutes are left to decide.' : ''
}
