import { useEffect, useState } from 'preact/hooks'
import { createApi } from '../api/api.js'
import { asProblem, issuerProblem, type Problem } from '../api/problem.js'
import { useSending } from '../decide/use-sending.js'
import { takeCode, takeSlackCode } from '../fragment.js'
import { useNavigation } from '../navigation.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'

interface Ways {
  readonly issuers: readonly { readonly index: number; readonly name: string }[]
}

interface SignInScreenProps {
  /** Why the sign-in that there was is not enough. */
  readonly problem: Problem | undefined
  readonly onSignedIn: () => Promise<void>
}

/** For whoever is not signed in: with a link for one use, or over the organisation's own sign-in. */
export function SignInScreen({ problem, onSignedIn }: SignInScreenProps) {
  const { place } = useNavigation()
  // A link for Slack has a code of its own, which signs nobody in: it is kept until somebody has.
  const [code] = useState(() => {
    if (place.screen === 'link-slack') takeSlackCode()
    return place.screen === 'sign-in' ? takeCode() : null
  })
  return (
    <main class="sign-in">
      <p class="brand">Exequatur</p>
      {code === null ? <Ways refused={problem} /> : <WithLink code={code} onSignedIn={onSignedIn} />}
    </main>
  )
}

function WithLink({ code, onSignedIn }: { readonly code: string; readonly onSignedIn: () => Promise<void> }) {
  const { go } = useNavigation()
  const { busy, problem, send } = useSending()
  const signIn = () =>
    send(async () => {
      await createApi(null).post('/inbox/sign-in/link', { code })
      go('/inbox')
      await onSignedIn()
    })
  return (
    <>
      <Heading title="Sign in on this browser" />
      <p>Your link works once. Go on only if you asked for it yourself.</p>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" class="approve" disabled={busy} onClick={signIn}>
        {busy ? 'Signing in …' : 'Sign in'}
      </button>
      {problem && (
        <p>
          <a href="/inbox/sign-in">Other ways to sign in</a>
        </p>
      )}
    </>
  )
}

function Ways({ refused }: { readonly refused: Problem | undefined }) {
  const { path } = useNavigation()
  const [ways, setWays] = useState<Ways | null>(null)
  const [problem, setProblem] = useState<Problem | null>(() => issuerProblem(location.search) ?? refused ?? null)
  useEffect(() => {
    createApi(null)
      .get<Ways>('/inbox/sign-in/ways')
      .then(setWays)
      .catch((error: unknown) => setProblem(asProblem(error)))
  }, [])
  const to = path === '/inbox/sign-in' ? '/inbox' : path
  return (
    <>
      <Heading title="Sign in" />
      <p>Here you decide on what agents ask to do.</p>
      {problem && <ProblemNote problem={problem} />}
      {ways?.issuers.map(({ index, name }) => (
        <p key={index}>
          <a class="button approve" href={`/inbox/sign-in/oidc?issuer=${index}&to=${encodeURIComponent(to)}`}>
            Sign in with {name}
          </a>
        </p>
      ))}
      {ways && (
        <p class="hint">
          {ways.issuers.length > 0 && 'Or with a link for one use: '}
          {ways.issuers.length === 0 && 'Ask for a link that works once: '}
          on the command line, <code>exq inbox --open</code>.
        </p>
      )}
    </>
  )
}
