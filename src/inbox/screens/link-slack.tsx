import { useEffect, useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.js'
import { useSending } from '../decide/use-sending.js'
import { forgetSlackCode, takeSlackCode } from '../fragment.js'
import { Link } from '../navigation.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { useSession } from '../session.js'

interface SlackUser {
  readonly team: string
  readonly user: string
  readonly name: string | null
}

/** Whether somebody in Slack is who is signed in here. */
export function LinkSlackScreen() {
  const [code] = useState(takeSlackCode)
  return (
    <>
      <Heading title="Link your Slack account" />
      {code === null ? (
        <p class="empty">This address has no code. Ask for a new link in Slack.</p>
      ) : (
        <Confirm code={code} />
      )}
    </>
  )
}

function Confirm({ code }: { readonly code: string }) {
  const { api, me } = useSession()
  const [user, setUser] = useState<SlackUser | null>(null)
  const [unknown, setUnknown] = useState<Problem | null>(null)
  const [linked, setLinked] = useState(false)
  const { busy, problem, send } = useSending()
  useEffect(() => {
    api
      .post<SlackUser>('/v1/slack-links/look', { code })
      .then(setUser)
      .catch((error: unknown) => setUnknown(asProblem(error)))
  }, [api, code])
  const link = () =>
    send(async () => {
      await api.post('/v1/slack-links', { code })
      forgetSlackCode()
      setLinked(true)
    })
  if (linked)
    return (
      <div role="status">
        <p class="standing standing-approved">Linked. What you decide in Slack is now decided by {me.name}.</p>
        <p>
          <Link to="/inbox">To what waits for you</Link>
        </p>
      </div>
    )
  if (unknown) return <ProblemNote problem={unknown} />
  if (!user) return <p class="hint">Looking …</p>
  return (
    <>
      <p>
        Is the Slack user <strong>{user.name ?? user.user}</strong> (<span class="code">{user.user}</span> in{' '}
        <span class="code">{user.team}</span>) you, <strong>{me.name}</strong>?
      </p>
      <p class="hint">
        If you did not ask for this in Slack yourself, leave this page: somebody else may want to decide in your name.
      </p>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" class="approve" disabled={busy} onClick={link}>
        {busy ? 'Linking …' : 'Yes, link it'}
      </button>
    </>
  )
}
