/** The database role that may change feature flags, and nothing else. */
export const flagsRole = 'refund_desk_flags'
