import type { EnvelopeStep } from './envelope.js'

/** Whether what steps would do, one or several together, can be undone, as far as their contracts say. */
export function tellUndo(
  steps: readonly Pick<EnvelopeStep, 'undoable' | 'reads'>[],
): 'can be undone' | 'CANNOT BE UNDONE' | 'changes nothing' {
  if (!steps.every(({ undoable }) => undoable)) return 'CANNOT BE UNDONE'
  return steps.every(({ reads }) => reads) ? 'changes nothing' : 'can be undone'
}
