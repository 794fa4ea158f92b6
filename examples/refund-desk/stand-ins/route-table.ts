import type { Call } from './call.js'
import type { Outcome } from './reply.js'

/** One endpoint: `POST /v1/refunds/:id/cancel` and the rule behind it. */
export interface Route<Effect> {
  name: string
  handle: (call: Call) => Outcome<Effect>
}

/**
 * Compares `METHOD /path` with a pattern whose segments may be `:names`.
 * @returns what the names stand for, or `undefined` when they differ
 */
export function matchPattern(pattern: string, method: string, path: string): Record<string, string> | undefined {
  const [wantedMethod, wantedPath = ''] = pattern.split(' ')
  if (wantedMethod !== method) return undefined
  const wanted = wantedPath.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const names: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith(':') && value !== '') names[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return names
}

/** Finds the endpoint for a request; the first match in the list wins. */
export function findRoute<Effect>(
  routes: readonly Route<Effect>[],
  method: string,
  path: string,
): { route: Route<Effect>; names: Record<string, string> } | undefined {
  for (const route of routes) {
    const names = matchPattern(route.name, method, path)
    if (names) return { route, names }
  }
  return undefined
}
