import { beforeSignal } from '../before-signal.js'
import { castVote } from '../cast-vote.js'
import { toShownError } from '../cli-error.js'
import { ask } from '../confirm.js'
import type { ConnectionOptions } from '../connection.js'
import { type FullScreen, openFullScreen } from '../full-screen.js'
import { createKeys, type Keys } from '../keys.js'
import type { Session } from '../session.js'
import { type Watching, watchChanges } from '../watch-changes.js'
import { drawInbox } from './inbox-screen.js'
import { beginWith, press, type Wish, withItems } from './inbox-state.js'
import { waitingFor } from './waiting.js'

const clockMs = 1_000

/** The inbox of somebody who sits at a terminal: changes are drawn as they come, keys show and decide; until q or Ctrl-C. */
export async function liveInbox(session: Session, options: ConnectionOptions & { limit: number }): Promise<void> {
  const { terminal, output } = session
  const api = session.api(options, true)
  const connection = session.connection(options)
  // What is wrong from the beginning is told like everywhere else.
  const { items, next, beyond } = await waitingFor(session.api(options), options.limit)
  let state = beginWith(items, next !== null || beyond)
  const screen = openFullScreen(terminal)
  const keys = createKeys(terminal)
  const stop = new AbortController()

  const draw = () => {
    const drawn = drawInbox(state, output.paint, screen, { host: connection.api.host, nowMs: Date.now() })
    state = { ...state, scrolled: Math.min(state.scrolled, drawn.mostScrolled) }
    screen.draw(drawn.lines, drawn.bottom)
  }
  const look = async (how: Watching) => {
    state = { ...state, how }
    try {
      await lookAgain()
    } catch (error) {
      state = { ...state, trouble: toShownError(error).title }
    }
    draw()
  }
  const lookAgain = async () => {
    const { opened } = state
    const waiting = await waitingFor(api, options.limit)
    const fresh = opened && (await api.getApproval(opened.id))
    // What was chosen and opened in the meantime stays.
    state = withItems(state, waiting.items, waiting.next !== null || waiting.beyond)
    if (fresh && state.opened?.id === fresh.id) state = { ...state, opened: fresh }
  }
  const fulfil = async (wish: Exclude<Wish, 'quit'>) => {
    const id = state.opened?.id ?? state.chosen
    if (!id) return
    if (wish === 'open') {
      const opened = await api.getApproval(id).catch((error) => {
        state = { ...state, trouble: toShownError(error).title }
        return null
      })
      state = { ...state, opened, scrolled: 0 }
    } else {
      await aside(screen, keys, session, () => decide(session, wish, id, options))
      state = { ...state, opened: null, scrolled: 0 }
      await look(state.how)
    }
    draw()
  }

  const release = beforeSignal(() => {
    keys.stop()
    screen.leave()
  })
  screen.enter()
  keys.listen()
  draw()
  const clock = setInterval(draw, clockMs)
  void watchChanges(connection, { topics: ['approvals', 'actions', 'stops'], signal: stop.signal, look })
  try {
    for (;;) {
      const key = await keys.next()
      // Only now, as what is seen may have changed while nobody pressed a key.
      const pressed = press(state, key, screen.rows - 4)
      if (pressed === 'quit') return
      if (typeof pressed === 'string') await fulfil(pressed)
      else state = pressed
      draw()
    }
  } finally {
    clearInterval(clock)
    stop.abort()
    keys.stop()
    screen.leave()
    release()
  }
}

/** Leaves the screen for what asks and tells in lines, until a key is pressed. */
async function aside(screen: FullScreen, keys: Keys, { output }: Session, work: () => Promise<void>): Promise<void> {
  keys.stop()
  screen.leave()
  await work()
  output.say((paint) => paint.dim('Any key goes back to the inbox.'))
  keys.listen()
  await keys.next()
  screen.enter()
}

async function decide(
  session: Session,
  wish: 'approve' | 'reject',
  id: string,
  options: ConnectionOptions,
): Promise<void> {
  try {
    const reason = wish === 'reject' ? await ask('Why is it rejected? The agent is told.') : ''
    if (reason === null) session.output.say('Nothing was decided.')
    else await castVote(session, wish, id, { ...options, reason })
  } catch (error) {
    session.output.error(toShownError(error))
  }
}
