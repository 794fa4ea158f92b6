import { defineSearchAttributeKey } from '@temporalio/common'

/** What SREs can search by in the Temporal UI. All are keywords, which leaves two of the ten slots free. */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('ExqTenant', 'KEYWORD'),
  agent: defineSearchAttributeKey('ExqAgent', 'KEYWORD'),
  tool: defineSearchAttributeKey('ExqTool', 'KEYWORD'),
  risk: defineSearchAttributeKey('ExqRisk', 'KEYWORD'),
  stage: defineSearchAttributeKey('ExqStage', 'KEYWORD'),
  outcome: defineSearchAttributeKey('ExqOutcome', 'KEYWORD'),
  subject: defineSearchAttributeKey('ExqSubject', 'KEYWORD'),
  requestId: defineSearchAttributeKey('ExqRequestId', 'KEYWORD'),
} as const

export const searchAttributeNames: readonly string[] = Object.values(searchAttributes).map(({ name }) => name)
