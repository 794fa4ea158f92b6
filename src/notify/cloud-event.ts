import type { NoticeDescription } from '../control-plane/deliveries/describe-notice.js'
import type { Delivery } from './channel.js'

/** A delivery as a CloudEvent 1.0: the same id whenever it is sent again. */
export function cloudEvent(deployment: string, delivery: Delivery, described: NoticeDescription) {
  const { tenant, id, about, action_id, notice, ordinal, noticed_at, recipients } = delivery
  return {
    specversion: '1.0',
    id,
    source: `urn:exequatur:${deployment}:${tenant}`,
    type: `dev.exequatur.${about.kind}.${notice}`,
    subject: about.id,
    time: noticed_at,
    datacontenttype: 'application/json',
    data: { tenant, [`${about.kind}_id`]: about.id, action_id, notice, ordinal, recipients, ...described },
  }
}
