import { linkByEmail } from '../control-plane/slack/link-slack.js'
import { slackUserOf } from '../control-plane/slack/slack-user.js'
import { type Channel, type Delivery, NotDelivered } from '../notify/channel.js'
import type { Posts } from './posts.js'
import { type SlackDeps, whyNot } from './who.js'

/** Tells people in Slack: a message to each of them, or one in a channel. */
export function slackChannel(deps: SlackDeps, posts: Posts): Channel {
  const { options, web } = deps
  const places = new Map<string, string>()
  // What takes long may be asked for once more meanwhile: it is the same message.
  const underWay = new Map<string, Promise<void>>()

  async function deliver({ tenant, id, about, action_id, notice, to }: Delivery): Promise<void> {
    if (tenant !== options.tenant) throw new NotDelivered(`the workspace is of ${options.tenant}`, { final: true })
    if (notice === 'closed') return posts.redraw(action_id)
    const place = to.startsWith('#') ? channelOf(to) : await directMessage(to)
    await posts.post({ kind: about.kind, about: about.id, action_id }, place, id)
  }

  function channelOf(name: string): string {
    const id = options.channels[name]
    if (id === undefined) throw new NotDelivered(`slack.channels names no ${name}`, { final: true })
    return id
  }

  /** Where a person reads: asked anew each time, as they may have left since. */
  async function directMessage(person: string): Promise<string> {
    const user = (await slackUserOf(deps.plane, options, person)) ?? (await byEmail(person))
    if (user === null) throw new NotDelivered(`${person} is linked to nobody in Slack`, { final: true })
    const why = whyNot(await web.profile(user), user, options.team)
    if (why !== null) throw new NotDelivered(`whom ${person} is in Slack ${why}`, { final: true })
    const place = places.get(user) ?? (await web.directMessage(user))
    places.set(user, place)
    return place
  }

  async function byEmail(person: string): Promise<string | null> {
    const [email] = [...options.personByEmail].find(([, of]) => of === person) ?? []
    const profile = email === undefined ? null : await web.byEmail(email)
    if (!profile?.id || profile.is_email_confirmed !== true || whyNot(profile, profile.id, options.team) !== null)
      return null
    return (await linkByEmail(deps.plane, { ...options, user: profile.id }, person)) ? profile.id : null
  }

  return {
    name: 'slack',
    deliver: (delivery) => {
      const known = underWay.get(delivery.id)
      if (known) return known
      const work = deliver(delivery).finally(() => underWay.delete(delivery.id))
      underWay.set(delivery.id, work)
      return work
    },
  }
}
