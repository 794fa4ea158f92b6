import { useEffect, useState } from 'preact/hooks'
import { AttentionProvider } from './attention.js'
import { LiveProvider } from './live/live.js'
import { useNavigation } from './navigation.js'
import { ClockProvider } from './parts/clock.js'
import { KeysDialog } from './parts/keys-dialog.js'
import { LiveNote } from './parts/live-note.js'
import { Menu } from './parts/menu.js'
import { useKeys } from './parts/use-keys.js'
import { Who } from './parts/who.js'
import { Screen } from './screen.js'
import { useWaiting, WaitingProvider } from './waiting.js'

/** The page of somebody who is signed in. */
export function Shell() {
  return (
    <LiveProvider>
      <ClockProvider>
        <WaitingProvider>
          <AttentionProvider>
            <Frame />
          </AttentionProvider>
        </WaitingProvider>
      </ClockProvider>
    </LiveProvider>
  )
}

function Frame() {
  const { path } = useNavigation()
  const count = useWaiting().answer?.items.length ?? 0
  const [showsKeys, setShowsKeys] = useState(false)
  useKeys({ '?': () => setShowsKeys(true) })
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Exequatur` : 'Exequatur'
  }, [count])
  return (
    <div class="shell">
      <header class="top">
        <p class="brand">Exequatur</p>
        <Menu />
        <div class="bottom">
          <LiveNote />
          <Who />
          <button type="button" class="quiet" onClick={() => setShowsKeys(true)}>
            Keys <kbd>?</kbd>
          </button>
        </div>
      </header>
      <main>
        <Screen key={path} />
      </main>
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </div>
  )
}
