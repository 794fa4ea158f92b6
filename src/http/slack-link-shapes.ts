import { z } from 'zod'
import { slackEndorsementShape } from './proof-shapes.js'

export const slackCodeShape = z.strictObject({
  code: z.string().min(1).max(100).meta({ description: 'As `/exequatur link` gave it in Slack' }),
})

export const slackLinkingShape = slackCodeShape.extend({
  endorsement: slackEndorsementShape
    .optional()
    .meta({ description: 'Where you have registered keys: by a live key or passkey of yours' }),
})

const slackUser = {
  team: z.string().meta({ description: 'The workspace' }),
  user: z.string(),
  name: z.string().nullable().meta({ description: 'What they call themselves there' }),
}

export const slackUserShape = z.object(slackUser)

export const slackLinkShape = z.object({
  ...slackUser,
  principal: z.string().meta({ description: 'You' }),
  unlinked: z
    .array(z.string())
    .readonly()
    .meta({ description: 'Other users of the workspace that were you until now' }),
})
