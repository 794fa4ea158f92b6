import type { Attack } from './attack.js'
import type { AttackedDesk } from './attacked-desk.js'
import { completions } from './completions.js'
import { earlySteps } from './early-steps.js'
import { foreignIds } from './foreign-ids.js'
import { forgedVotes } from './forged-votes.js'
import { messages } from './messages.js'
import { movedFacts } from './moved-facts.js'
import { movedObservations } from './moved-observations.js'
import { resets } from './resets.js'
import type { Room } from './room.js'
import { smuggledBodies } from './smuggled-bodies.js'
import { wrongPeople } from './wrong-people.js'

/** Attacks on the ledger, with everything but Temporal: quick. */
export const roomAttacks: readonly Attack<Room>[] = [
  ...forgedVotes,
  ...wrongPeople,
  ...movedFacts,
  ...movedObservations,
  ...earlySteps,
  ...foreignIds,
  ...smuggledBodies,
]

/** Attacks on the real stack, through Temporal. */
export const deskAttacks: readonly Attack<AttackedDesk>[] = [...messages, ...completions, ...resets]
