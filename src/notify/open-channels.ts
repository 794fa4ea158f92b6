import type { Config } from '../contract/define-config.js'
import type { ControlPlane } from '../control-plane/control-plane.js'
import { describeNotice } from '../control-plane/deliveries/describe-notice.js'
import { ExequaturError } from '../domain/errors.js'
import type { Channel } from './channel.js'
import { cloudEvent } from './cloud-event.js'
import { keyOf } from './sign-webhook.js'
import { createWebhook } from './webhook.js'

/** The channels of a deployment, with their secrets out of the environment. Throws `EXQ-7001` where one is missing. */
export function openChannels(
  plane: ControlPlane,
  { deployment, notifications }: Pick<Config, 'deployment' | 'notifications'>,
  env: NodeJS.ProcessEnv = process.env,
): readonly Channel[] {
  const webhook = notifications?.webhook
  if (!webhook) return []
  const name = webhook.secret.slice('env:'.length)
  const key = keyOf(env[name] ?? '')
  if (!key)
    throw new ExequaturError('EXQ-7001', `notifications.webhook.secret: ${name} is not set, or shorter than 24 bytes`)
  return [
    createWebhook({
      url: webhook.url,
      key,
      eventOf: async (delivery) => cloudEvent(deployment, delivery, await describeNotice(plane, delivery)),
    }),
  ]
}
