import type { ApprovalView } from '../control-plane/approval-view.js'
import { ExequaturError } from '../domain/errors.js'
import { ask } from './confirm.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { isInteractive } from './terminal.js'
import { amountAndTarget } from './what-is-asked.js'

/**
 * The flags of an approval request that a person says to have seen, for the vote to carry: by typing the id of what is
 * acted on, or by `--acknowledge` with the digest of the flags. Null if the person would not. Throws `EXQ-4040` where
 * nobody can be asked.
 */
export async function acknowledgeFlags(
  { output, terminal }: Session,
  shown: ApprovalView,
  digest: string | undefined,
): Promise<readonly string[] | null> {
  const names = shown.flags.map(({ name }) => name)
  if (names.length === 0) return []
  if (digest !== undefined) {
    if (digest !== shown.flags_digest)
      throw new ExequaturError('EXQ-4040', `the flags of ${shown.id} have the digest ${shown.flags_digest}`)
    return names
  }
  if (output.json || !isInteractive(terminal))
    throw new ExequaturError('EXQ-4040', `if they are seen and meant: --acknowledge ${shown.flags_digest}`)
  const flags = names.length === 1 ? 'this flag' : 'these flags'
  const message = `Approve ${amountAndTarget(shown)} in spite of ${flags}? Then type ${inert(shown.target)}`
  return (await ask(message)) === shown.target ? names : null
}
