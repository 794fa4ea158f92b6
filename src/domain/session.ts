/** What reading through a tool can bring into a session: text that strangers wrote, or data that must not get out. */
export const readKinds = ['untrusted', 'sensitive'] as const
export type ReadKind = (typeof readKinds)[number]

/** As many calls as are counted: a session of more has this many, and counting them takes no time that matters. */
export const mostCalls = 1_000

/** What was done and read before a call, as the ledger has it. */
export interface SessionFacts {
  /** Calls of tools, {@link mostCalls} at most. */
  readonly calls: number
  readonly read_untrusted: boolean
  readonly read_sensitive: boolean
}

/** An earlier step of the plan. */
export interface EarlierStep {
  readonly reads: readonly ReadKind[]
  /** The ledger has its intent, and so counts it already. */
  readonly intended: boolean
}

/** Where nothing is known, all may have been read: what is not known never widens what may be done. */
const unknown: SessionFacts = { calls: mostCalls, read_untrusted: true, read_sensitive: true }

/**
 * What a step comes after: all that the ledger knows, and the earlier steps of its plan as if they were done. They will
 * be, so that people are asked once, before anything runs.
 */
export function sessionBefore(known: SessionFacts | undefined, earlier: readonly EarlierStep[]): SessionFacts {
  if (!known) return unknown
  const reads = (kind: ReadKind) => earlier.some((step) => step.reads.includes(kind))
  return {
    calls: Math.min(mostCalls, known.calls + earlier.filter(({ intended }) => !intended).length),
    read_untrusted: known.read_untrusted || reads('untrusted'),
    read_sensitive: known.read_sensitive || reads('sensitive'),
  }
}

/** The kinds that facts say were read. */
export function kindsRead({ read_untrusted, read_sensitive }: SessionFacts): ReadKind[] {
  return readKinds.filter((kind) => (kind === 'untrusted' ? read_untrusted : read_sensitive))
}
