import type { Stop } from '../../domain/stop.js'
import { tellScope } from '../words.js'
import { Name } from './name.js'
import { Theirs } from './theirs.js'

/** What holds a request back meanwhile, and why, in the words of whoever stopped it. */
export function StoppedNote({ stop: { scope, by, reason } }: { readonly stop: Stop }) {
  return (
    <div class="note note-warning">
      <p>
        <strong>Stopped: {tellScope(scope)}.</strong> An approval has no effect before it is resumed.
      </p>
      <p>
        <Name of={by} /> stopped it and says:
      </p>
      <p class="quote">
        <Theirs text={reason} />
      </p>
    </div>
  )
}
