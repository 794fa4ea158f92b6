import { useSending } from '../decide/use-sending.js'
import { useSession } from '../session.js'

/** Who is signed in, for which tenant, and the way out. */
export function Who() {
  const { me, api, again } = useSession()
  const { busy, problem, send } = useSending()
  const signOut = () =>
    send(async () => {
      await api.post('/inbox/sign-out', {})
      await again()
    })
  return (
    <div class="who">
      <span>
        <strong>{me.name}</strong> in {me.tenant}
      </span>
      <button type="button" class="quiet" disabled={busy} onClick={signOut}>
        Sign out
      </button>
      {problem && <span role="alert">{problem.title}</span>}
    </div>
  )
}
