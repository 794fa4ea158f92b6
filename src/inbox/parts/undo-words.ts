import type { tellUndo } from '../../domain/tell-undo.js'

/** Whether it can be undone, as a sentence of its own begins. */
export const undoWords: Readonly<Record<ReturnType<typeof tellUndo>, string>> = {
  'can be undone': 'Can be undone',
  'CANNOT BE UNDONE': 'Cannot be undone',
  'changes nothing': 'Changes nothing',
}
