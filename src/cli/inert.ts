import { printable } from '../domain/printable.js'

// They have several lines; each of them is made printable by itself.
const inLines = new Set(['rendering', 'text_before', 'text_after', 'policy_text'])

/**
 * A copy of what came from elsewhere whose strings cannot act on a terminal: control, bidirectional and invisible
 * characters are shown as their code points, line ends too, so that nobody's words look like lines of ours.
 */
export function inert<T>(value: T): T {
  return copy(value, '') as T
}

function copy(value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    return inLines.has(name) ? value.split('\n').map(printable).join('\n') : printable(value)
  }
  if (Array.isArray(value)) return value.map((each) => copy(each, ''))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [printable(key), copy(each, key)]))
}

/** JSON in which such characters are escaped; it reads back as the same value. */
export function inertJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cf}\p{Co}\u007f-\u009f\u2028\u2029]/gu, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
