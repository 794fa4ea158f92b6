import type { Random } from '../random.js'

export interface WishedStep {
  readonly id: string
  readonly system: 'keyed' | 'queryable' | 'blind'
  readonly tool: string
  readonly subject: string
  readonly amount: number
}

const toolOf = { keyed: 'pay_by_key', queryable: 'pay_by_reference', blind: 'pay_blindly' } as const

/** Amounts of the three tiers: nobody, one person, two people have to agree. */
const amounts = [
  [100, 900],
  [1_000, 1_900],
  [2_000, 2_900],
] as const

// Of what is paid under a reference, and of the ends of plans.
const forGood = 0.25

/**
 * What a client asks for: one step, or three of which the last may be refused, so that the others are undone, as far as anybody
 * can: the end of a plan may be for good.
 */
export function wishedSteps(random: Random, name: string): readonly WishedStep[] {
  const several = random.chance(0.25)
  const endsForGood = several && random.chance(forGood)
  const tier = random.chance(0.6) ? 0 : random.chance(0.6) ? 1 : 2
  const [low, high] = amounts[tier]
  return Array.from({ length: several ? 3 : 1 }, (_, index): WishedStep => {
    const picked = random.pick(['keyed', 'queryable', 'blind'] as const)
    const isForGood = several ? endsForGood && index > 0 : picked === 'queryable' && random.chance(forGood)
    const system = isForGood ? 'queryable' : picked
    // The downstream refuses what is called so.
    const refused = several && index === 2 && random.chance(0.5)
    const subject = `${name}_${index + 1}${refused ? '_refused' : ''}`
    return {
      id: `step${index + 1}`,
      system,
      tool: isForGood ? 'pay_for_good' : toolOf[system],
      subject,
      amount: random.between(low, high),
    }
  })
}
