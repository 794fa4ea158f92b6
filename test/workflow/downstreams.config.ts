import desk from '../../examples/refund-desk/exequatur.config.js'

export const limits = { perSecond: 30, burst: 5 } as const

/** The refund desk, whose billing system is called slowly, and is left alone for a second at first. */
export default {
  ...desk,
  policies: new URL('../../examples/refund-desk/policies', import.meta.url).pathname,
  downstreams: {
    billing: { rate: limits, breaker: { failures: 3, open: '1s', longest: '2s', slowStart: '2s' } },
  },
} as const
