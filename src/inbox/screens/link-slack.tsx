import { useEffect, useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.js'
import { useSending } from '../decide/use-sending.js'
import { forgetSlackCode, takeSlackCode } from '../fragment.js'
import { Link } from '../navigation.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { Theirs } from '../parts/theirs.js'
import { useSession } from '../session.js'
import { linkSlack, type SlackUser } from '../sign/link-slack.js'

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
  const [before, setBefore] = useState<readonly string[] | null>(null)
  const [elsewhere, setElsewhere] = useState(false)
  const { busy, problem, send } = useSending()
  useEffect(() => {
    api
      .post<SlackUser>('/v1/slack-links/look', { code })
      .then(setUser)
      .catch((error: unknown) => setUnknown(asProblem(error)))
  }, [api, code])
  const link = (asking: SlackUser) =>
    send(async () => {
      const linked = await linkSlack(api, me, asking, code)
      setElsewhere(linked === null)
      if (!linked) return
      forgetSlackCode()
      setBefore(linked.unlinked)
    })
  if (before)
    return (
      <div role="status">
        <p class="standing standing-approved">Linked. What you decide in Slack is now decided by {me.name}.</p>
        {before.length > 0 && (
          <p>
            <span class="code">{before.join(', ')}</span>, which was {me.name} until now, is nobody any more.
          </p>
        )}
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
        Is the Slack user{' '}
        <strong>
          <Theirs text={user.name ?? user.user} />
        </strong>{' '}
        (<span class="code">{user.user}</span> in <span class="code">{user.team}</span>) you, <strong>{me.name}</strong>
        ?
      </p>
      <p class="hint">
        If you did not ask for this in Slack yourself, leave this page: somebody else may want to decide in your name.
      </p>
      {problem && <ProblemNote problem={problem} />}
      {elsewhere && (
        <div role="status">
          <p>You have a key for the command line. It has to sign for this: confirm it where that key is.</p>
          <p class="code">exq slack link {code}</p>
        </div>
      )}
      <button type="button" class="approve" disabled={busy} onClick={() => link(user)}>
        {busy ? 'Linking …' : 'Yes, link it'}
      </button>
    </>
  )
}
