import type { ConnectionOptions } from '../connection.js'
import { createLiveLines } from '../live-lines.js'
import type { Session } from '../session.js'
import { inboxLines, renderInbox } from '../show-inbox.js'
import { isRedrawable, widthOf } from '../terminal.js'
import { untilInterrupted } from '../until-interrupted.js'
import { watchChanges } from '../watch-changes.js'
import { type Waiting, waitingFor } from './waiting.js'

/**
 * The inbox for whoever presses no keys, at each change and until Ctrl-C: drawn in one place of a terminal, else listed
 * anew; with JSON one page a line.
 */
export async function watchedInbox(session: Session, options: ConnectionOptions & { limit: number }): Promise<void> {
  const { terminal, output } = session
  const { stdout } = terminal
  const api = session.api(options, true)
  // What is wrong from the beginning is told like everywhere else.
  const first = await waitingFor(session.api(options), options.limit)
  const live = !output.json && isRedrawable(terminal, stdout) ? createLiveLines(terminal, stdout) : null
  let shown = ''
  const show = (page: Waiting) => {
    if (live) {
      const width = widthOf(terminal, stdout) - 1
      const lines = inboxLines(page.items, output.paint, { nowMs: Date.now(), width })
      return live.draw(page.items.length > 0 ? lines : [renderInbox([], output.paint)])
    }
    // Budgets and clocks move without anything new.
    const now = JSON.stringify(page.items.map(({ id, state, votes, stopped }) => ({ id, state, votes, stopped })))
    if (now !== shown) output.showEach(page, ({ items }, paint) => `${renderInbox(items, paint)}\n`)
    shown = now
  }
  show(first)
  await untilInterrupted(async (signal) => {
    const stop = new AbortController()
    signal.addEventListener('abort', () => stop.abort(), { once: true })
    const look = () => waitingFor(api, options.limit).then(show, () => undefined)
    const topics = ['approvals', 'actions', 'stops'] as const
    const watching = watchChanges(session.connection(options), { topics, signal: stop.signal, look })
    return { end: async () => stop.abort(), ended: watching }
  })
}
