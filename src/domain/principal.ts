export const principalKinds = ['agent', 'person', 'service'] as const
export type PrincipalKind = (typeof principalKinds)[number]

/** Only `live` counts, anywhere; `decommissioned` is for ever. */
export type PrincipalState = 'live' | 'suspended' | 'revoked' | 'decommissioned'

/** What happens to a principal, each an appended fact. */
export type PrincipalEvent = 'created' | 'rotated' | 'suspended' | 'resumed' | 'revoked' | 'decommissioned'

/** The state a principal is in after an event; null where that cannot happen to it. `null` before: it never existed. */
export function stateAfter(state: PrincipalState | null, event: PrincipalEvent): PrincipalState | null {
  switch (event) {
    case 'created':
      return state === null || state === 'revoked' ? 'live' : null
    case 'rotated':
      return state === 'live' || state === 'suspended' ? state : null
    case 'suspended':
      return state === 'live' ? 'suspended' : null
    case 'resumed':
      return state === 'suspended' ? 'live' : null
    case 'revoked':
      return state === 'live' || state === 'suspended' ? 'revoked' : null
    case 'decommissioned':
      return state === null || state === 'decommissioned' ? null : 'decommissioned'
  }
}
