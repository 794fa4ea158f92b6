import { NavigationProvider } from './navigation.js'
import { Heading } from './parts/heading.js'
import { ProblemNote } from './parts/problem-note.js'
import { SignInScreen } from './screens/sign-in.js'
import { SessionProvider, useSessionState } from './session.js'
import { Shell } from './shell.js'

export function App() {
  return (
    <NavigationProvider>
      <Gate />
    </NavigationProvider>
  )
}

/** Lets in who is signed in. */
function Gate() {
  const state = useSessionState()
  if ('me' in state)
    return (
      // Nothing of what one person was shown stays for another.
      <SessionProvider key={`${state.me.tenant} ${state.me.principal}`} session={state}>
        <Shell />
      </SessionProvider>
    )
  if (state.known === 'nobody') return <SignInScreen problem={state.problem} onSignedIn={state.again} />
  return (
    <main class="sign-in">
      <p class="brand">Exequatur</p>
      {state.problem ? (
        <>
          <Heading title="The inbox is not there" />
          <ProblemNote problem={state.problem} />
          <button type="button" onClick={() => void state.again()}>
            Try again
          </button>
        </>
      ) : (
        <p class="hint">Looking …</p>
      )}
    </main>
  )
}
