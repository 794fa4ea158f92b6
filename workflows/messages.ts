import { CancellationScope, condition, defineSignal, isCancellation, setHandler } from '@temporalio/workflow'

/** Says only "look again". Anyone with write access to the namespace can send it, so it carries nothing. */
const approvalSignal = defineSignal('approval')

/** Hints received so far: signals, and requests of cancellation, which are hints too. */
export interface Hints {
  readonly count: () => number
  /** Waits for a hint after the first `seen`, at most `timeoutMs`; says whether one came. */
  readonly after: (seen: number, timeoutMs: number, summary: string) => Promise<boolean>
}

/** Call it outside the non-cancellable scope: a cancellation of the workflow must reach it. */
export function receiveHints(): Hints {
  let count = 0
  setHandler(approvalSignal, () => {
    count += 1
  })
  CancellationScope.current().cancelRequested.catch((error) => {
    if (isCancellation(error)) count += 1
  })
  return {
    count: () => count,
    after: (seen, timeoutMs, summary) => condition(() => count > seen, timeoutMs, { summary }),
  }
}
