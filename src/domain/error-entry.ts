/** One row of the error table. `remedy` is the exact next step, a command where there is one. */
export interface ErrorEntry {
  readonly title: string
  readonly status: number
  readonly retryable: boolean
  readonly remedy: string
}

export function entry(title: string, status: number, remedy: string, retryable = false): ErrorEntry {
  return { title, status, retryable, remedy }
}
