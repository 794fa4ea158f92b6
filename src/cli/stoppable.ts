/** What a stop may be of. */
export const stoppable = ['tenant', 'agent', 'owner', 'tool', 'all'] as const
