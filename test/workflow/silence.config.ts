import desk from '../../examples/refund-desk/exequatur.config.js'

const { approvalTtlMs: _, ...rest } = desk

/** The refund desk, where silence has consequences within seconds, and few requests may wait. */
export default {
  ...rest,
  policies: new URL('../../examples/refund-desk/policies', import.meta.url).pathname,
  approvals: {
    ttl: '45s',
    remindAfter: '4s',
    escalations: { finance: { after: '12s', to: 'security' } },
    pendingPerAgent: 3,
  },
  notifications: {
    default: ['webhook'],
    webhook: {
      url: process.env.EXEQUATUR_TEST_WEBHOOK ?? 'http://127.0.0.1:9/',
      secret: 'env:EXEQUATUR_TEST_WEBHOOK_SECRET',
    },
  },
}
