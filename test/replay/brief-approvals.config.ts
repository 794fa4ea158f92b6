import desk from '../../examples/refund-desk/exequatur.config.js'

/** The refund desk, where approvals expire within seconds. */
export default {
  ...desk,
  policies: new URL('../../examples/refund-desk/policies', import.meta.url).pathname,
  approvalTtlMs: 2_000,
}
