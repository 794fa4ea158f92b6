import { useAttention } from '../attention.js'
import { Link, useNavigation } from '../navigation.js'
import { useWaiting } from '../waiting.js'

/** The screens, with how much waits in two of them. */
export function Menu() {
  const { path } = useNavigation()
  const waiting = useWaiting().answer?.items.length ?? 0
  const attention = useAttention().answer?.items.length ?? 0
  const entries = [
    { to: '/inbox', name: 'Waiting', count: waiting, also: '/inbox/approvals' },
    { to: '/inbox/attention', name: 'Attention', count: attention },
    { to: '/inbox/reviews', name: 'Look over', count: 0 },
    { to: '/inbox/decided', name: 'Decided', count: 0 },
    { to: '/inbox/agents', name: 'Agents', count: 0 },
    { to: '/inbox/passkeys', name: 'Passkeys', count: 0 },
  ]
  return (
    <nav aria-label="Screens">
      <ul>
        {entries.map(({ to, name, count, also }) => (
          <li key={to}>
            <Link
              to={to}
              current={
                path === to || (to !== '/inbox' && path.startsWith(`${to}/`)) || (!!also && path.startsWith(also))
              }
            >
              {name}
              {count > 0 && <span class="count">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
