import { useLive } from '../live/live.js'

/** Whether what is shown is shown as it happens; never silent about it when it is not. */
export function LiveNote() {
  const { state } = useLive()
  return (
    <p class={`live live-${state}`} role="status">
      {state === 'live' && 'Live'}
      {state === 'connecting' && 'Connecting …'}
      {state === 'lost' && 'Not live: what you see may be old. Trying again …'}
    </p>
  )
}
