import { isAlike, type Kept } from './kept-seeds.js'
import type { Asked, CampaignOptions } from './options.js'

/** The runs that are asked for: first those of their kind and size that failed once; of a night, all that ever failed. */
export function runsOf(asked: Asked, kept: readonly Kept[]): readonly CampaignOptions[] {
  const wanted = wantedBy(asked)
  const isWanted = (one: Kept) => wanted.some((run) => isAlike(one, run) && one.seed === run.seed)
  const again = kept.filter((one) => !isWanted(one) && (asked.nightly || wanted.some((run) => isAlike(one, run))))
  const { name, commit } = asked.options
  return [...again.map((one) => ({ ...asked.options, ...one, name, commit })), ...wanted]
}

function wantedBy({ options, nightly, ...asked }: Asked): readonly CampaignOptions[] {
  const matrixOf = (matrix: number) => ({ ...options, actions: 0, kills: 0, rough: false, matrix })
  if (asked.matrix) return [matrixOf(Number(asked.matrix))]
  if (nightly) return [matrixOf(1), { ...options, actions: 20_000, kills: 2_000, minutes: 120 }]
  if (!options.race) return [options]
  const race = { ...options, actions: 200, kills: 10, minutes: 0.5, rough: false }
  return Array.from({ length: Number(asked.seeds) }, (_, index) => ({ ...race, seed: `${options.seed}-${index + 1}` }))
}
