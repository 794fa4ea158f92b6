import type { ComponentChildren } from 'preact'
import type { Rendering } from '../../domain/rendered.js'
import type { Links } from '../api/views.js'
import { Name } from './name.js'
import { ShownText } from './shown.js'

const bindings: Readonly<Record<Rendering['binding'][number]['kind'], string>> = {
  ticket: 'Ticket',
  incident: 'Incident',
  user: 'User',
  request: 'Request',
}

/** Who asks for whom, and what it belongs to. */
export function Asks({ asks, binding, links }: Pick<Rendering, 'asks' | 'binding'> & { readonly links: Links }) {
  return (
    <dl class="pairs">
      <dt>Asked by</dt>
      <dd>
        <Name of={asks.agent} />
        {asks.owner && (
          <>
            , owned by <Name of={asks.owner} />
          </>
        )}
        {asks.actors.map((actor) => (
          <span key={actor}>
            , through <Name of={actor} />
          </span>
        ))}
      </dd>
      <dt>On behalf of</dt>
      <dd>{asks.on_behalf_of ? <Name of={asks.on_behalf_of} /> : 'nobody else'}</dd>
      {binding.map(({ kind, id }) => (
        <Fragmented key={kind} name={bindings[kind]}>
          <Linked to={kind === 'request' ? null : links[kind]}>
            <ShownText shown={id} />
          </Linked>
        </Fragmented>
      ))}
    </dl>
  )
}

function Fragmented({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Linked({ to, children }: { readonly to: string | null; readonly children: ComponentChildren }) {
  if (to === null || !/^https?:\/\//.test(to)) return <>{children}</>
  return (
    <a href={to} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  )
}
