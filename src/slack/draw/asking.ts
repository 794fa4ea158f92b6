import type { Rendering } from '../../domain/rendered.js'
import { isolated } from './texts.js'

/** Who asks, whose it is, for whom, and through whom. */
export function tellAsking({ agent, owner, on_behalf_of, actors }: Rendering['asks']): string {
  return [
    `${isolated(agent)}${owner ? ` (of ${isolated(owner)})` : ''}`,
    ...(on_behalf_of ? [`, on behalf of ${isolated(on_behalf_of)}`] : []),
    ...actors.map((actor) => ` through ${isolated(actor)}`),
  ].join('')
}
