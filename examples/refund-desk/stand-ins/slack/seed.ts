import { readSeedLists, type SeedObject, UnusableSeed } from '../seed.js'
import type { SlackSeed, SlackUser } from './facts.js'
import type { SlackState } from './state.js'

const kinds: readonly SlackUser['kind'][] = ['member', 'guest', 'single-channel-guest', 'stranger', 'bot']

/** Reads `{users, channels}`; those whose id is already there are left as they are. */
export function readSlackSeed(body: unknown, state: SlackState): { added: SlackSeed[]; present: number } {
  const { users, channels } = readSeedLists(body, ['users', 'channels'])
  const newUsers = users.filter((seed) => !state.users.has(seed.text('id')))
  const newChannels = channels.filter((seed) => !state.channels.has(seed.text('id')))
  const added: SlackSeed[] = [
    ...newUsers.map((seed) => ({ seed: 'user' as const, user: userOf(seed, state.team) })),
    ...newChannels.map((seed) => ({
      seed: 'channel' as const,
      channel: {
        id: seed.text('id'),
        name: seed.text('name'),
        user: null,
        joined: seed.text('joined', 'yes') === 'yes',
      },
    })),
  ]
  return { added, present: users.length + channels.length - added.length }
}

function userOf(seed: SeedObject, team: string): SlackUser {
  const kind = kinds.find((each) => each === seed.text('kind', 'member'))
  if (!kind) throw new UnusableSeed(`${seed.where}.kind: one of ${kinds.join(', ')} expected`)
  const name = seed.text('name')
  return {
    id: seed.text('id'),
    name,
    real_name: seed.text('real_name', name),
    email: seed.optionalText('email'),
    email_confirmed: seed.text('email_confirmed', 'yes') === 'yes',
    team_id: seed.text('team_id', team),
    kind,
    deleted: false,
  }
}
