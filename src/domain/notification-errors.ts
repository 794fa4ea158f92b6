import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about what people are told, and how it gets to them. */
export const notificationErrors = {
  'EXQ-5040': entry('There is no such delivery', 404, 'List those that did not arrive: `exq deliveries`.'),
  'EXQ-5041': entry(
    'There is nothing left to deliver',
    409,
    'Nothing: it arrived, or what it was about is decided. See what did not arrive: `exq deliveries`.',
  ),
  'EXQ-5042': entry(
    'This person watches in as many places as one may',
    429,
    'Close one of the others: a browser tab, or a program that reads /v1/events.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>
