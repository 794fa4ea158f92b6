import type { Check } from '../evidence.js'

/** I10: a planted secret is nowhere but where it belongs. */
export const silent: Check = ({ leaks }) =>
  leaks.map((about) => ({ invariant: 'I10', sort: 'other', about, detail: 'the planted secret is in it' }))
