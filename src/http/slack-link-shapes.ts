import { z } from 'zod'

export const slackCodeShape = z.strictObject({
  code: z.string().min(1).max(100).meta({ description: 'As `/exequatur link` gave it in Slack' }),
})

const slackUser = {
  team: z.string().meta({ description: 'The workspace' }),
  user: z.string(),
  name: z.string().nullable().meta({ description: 'What they call themselves there' }),
}

export const slackUserShape = z.object(slackUser)

export const slackLinkShape = z.object({ ...slackUser, principal: z.string().meta({ description: 'You' }) })
