import desk from '../../examples/refund-desk/exequatur.config.js'

/** The refund desk, with a reconciler in a hurry. */
export default {
  ...desk,
  policies: new URL('../../examples/refund-desk/policies', import.meta.url).pathname,
  reconcile: { every: '1s', effects: '2s' },
} as const
