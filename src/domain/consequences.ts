import type { Envelope } from './envelope.js'
import { tellRequirements } from './policy.js'
import type { Rendering } from './rendered.js'
import { tellUndo } from './tell-undo.js'

/** What happens when people approve, reject, or say nothing. In words of ours alone. */
export function consequencesOf(envelope: Envelope): Rendering['then'] {
  const undone = (envelope.done ?? []).length > 0 ? ' What is done already is undone, as far as it can be.' : ''
  return {
    approve: `With what is needed (${tellRequirements(envelope.requirements)}), ${carriedOut(envelope)}`,
    reject: `One rejection ends it for good: nothing of this is done, and the agent is told why.${undone}`,
    silence: `${[...silences(envelope), `At ${envelope.expires_at} it expires, and nothing of this is done.`].join(' ')}${undone}`,
  }
}

function carriedOut({ steps }: Envelope): string {
  const final = steps.filter(({ undoable }) => !undoable).map(({ id }) => id)
  if (steps.length === 1 && steps[0]?.reads) return `it is done once; it ${tellUndo(steps)}.`
  if (steps.length === 1) return `it is done once and verified in the real system; it ${tellUndo(steps)}.`
  const order = `${steps.length} steps are done in order, each verified; if one fails, those before it are undone`
  return final.length > 0 ? `${order}, but for what CANNOT BE UNDONE: ${final.join(', ')}.` : `${order}.`
}

function silences({ remind_at, reminders = [], escalations = [] }: Envelope): string[] {
  const own = reminders.length > 0 ? ' of other groups' : ''
  return [
    ...reminders.map(({ group, at }) => `Who of ${group} has not decided is reminded at ${at}.`),
    ...(remind_at ? [`Who${own} has not decided is reminded at ${remind_at}.`] : []),
    ...escalations.map(({ group, to, at }) => `From ${at} on ${to} may stand for ${group} too.`),
  ]
}
