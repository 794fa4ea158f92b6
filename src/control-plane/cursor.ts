import { ExequaturError } from '../domain/errors.js'

export interface Position {
  readonly admitted_at: string
  readonly id: string
}

/** A page of a listing; `next` continues it, null at the end. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** An opaque cursor for the position after a row. */
export function cursorAfter({ admitted_at, id }: Position): string {
  return Buffer.from(JSON.stringify([admitted_at, id])).toString('base64url')
}

/** The position of a cursor we gave. Throws `EXQ-1002`. */
export function parseCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined
  try {
    const [admitted_at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
    if (Number.isNaN(Date.parse(admitted_at)) || typeof id !== 'string') throw new TypeError('not a cursor')
    return { admitted_at, id }
  } catch {
    throw new ExequaturError('EXQ-1002', 'the cursor is not one of ours', [
      { pointer: '/cursor', message: 'take it from `next`' },
    ])
  }
}
