import { defineSearchAttributeKey } from '@temporalio/common'

/** What SREs can search by in the Temporal UI: seven of ten keyword slots, one of three for lists. */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('ExqTenant', 'KEYWORD'),
  agent: defineSearchAttributeKey('ExqAgent', 'KEYWORD'),
  tool: defineSearchAttributeKey('ExqTool', 'KEYWORD_LIST'),
  risk: defineSearchAttributeKey('ExqRisk', 'KEYWORD'),
  stage: defineSearchAttributeKey('ExqStage', 'KEYWORD'),
  outcome: defineSearchAttributeKey('ExqOutcome', 'KEYWORD'),
  subject: defineSearchAttributeKey('ExqSubject', 'KEYWORD'),
  requestId: defineSearchAttributeKey('ExqRequestId', 'KEYWORD'),
} as const
