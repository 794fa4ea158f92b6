import type { ControlPlane } from '../control-plane/control-plane.js'
import { refuseInSlack } from '../control-plane/slack/decide-in-slack.js'
import { linkByEmail } from '../control-plane/slack/link-slack.js'
import type { SlackUser } from '../control-plane/slack/slack-user.js'
import { ExequaturError } from '../domain/errors.js'
import type { SlackOptions } from './options.js'
import { SlackFailure, type SlackProfile, type SlackWeb } from './web.js'

/** What we decide with whoever does something in Slack. */
export interface SlackDeps {
  readonly plane: ControlPlane
  readonly web: SlackWeb
  readonly options: SlackOptions
}

/** Whom a payload names: its user and the workspace they came from. */
export interface Acting {
  readonly user: string
  readonly team: string | undefined
}

/**
 * Who does this, as Slack describes them at this moment: a full member of our workspace. Everybody else leaves a refusal.
 * Throws `EXQ-5046`, and `EXQ-5047` where Slack cannot be asked: then nobody is anybody.
 */
export async function whoActs(
  deps: SlackDeps,
  acting: Acting,
  asked: object,
): Promise<SlackUser & { readonly name: string | null }> {
  const { plane, web, options } = deps
  const { tenant, team } = options
  const asking = { tenant, team: acting.team ?? team, user: acting.user }
  const refuse = async (why: string): Promise<never> => {
    await refuseInSlack(plane, asking, 'EXQ-5046', asked)
    throw new ExequaturError('EXQ-5046', `${acting.user} ${why}`)
  }
  if (acting.team !== undefined && acting.team !== team) return refuse(`is of the workspace ${acting.team}`)
  const profile = await web.profile(acting.user).catch((error) => {
    if (error instanceof SlackFailure && error.word === 'user_not_found') return null
    throw new ExequaturError('EXQ-5047', error instanceof SlackFailure ? error.word : 'no answer', [], { cause: error })
  })
  const why = profile === null ? 'is not known to Slack' : whyNot(profile, acting.user, team)
  if (profile === null || why !== null) return refuse(why ?? '')
  const member = { tenant, team, user: acting.user }
  await matchEmail(deps, member, profile)
  return { ...member, name: profile.real_name ?? profile.name ?? null }
}

/** Why somebody may not decide; null for a full member. What Slack does not say is taken as the worst. */
export function whyNot(profile: SlackProfile, user: string, team: string): string | null {
  if (profile.id !== user) return 'is somebody else'
  if (profile.team_id !== team) return 'is of another workspace'
  if (profile.deleted !== false) return 'is deactivated'
  if (profile.is_restricted !== false || profile.is_ultra_restricted !== false) return 'is a guest'
  if (profile.is_bot !== false) return 'is a bot'
  return null
}

/** Where the configuration names addresses: whoever has one, confirmed, is that person. */
async function matchEmail({ plane, options }: SlackDeps, member: SlackUser, profile: SlackProfile): Promise<void> {
  const email = profile.profile?.email?.toLowerCase()
  const person = email === undefined ? undefined : options.personByEmail.get(email)
  if (person !== undefined && profile.is_email_confirmed === true) await linkByEmail(plane, member, person)
}
