import { DefaultFailureConverter } from '@temporalio/common'

/** Keeps messages and stack traces of failures inside payloads, where a codec can encrypt them. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
