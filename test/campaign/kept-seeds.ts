import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CampaignOptions } from './options.js'

const file = join(resolve(process.env.EXEQUATUR_HOME || '.exequatur'), 'campaign', 'failed-seeds.json')

interface Kept {
  readonly seed: string
  readonly actions: number
  readonly kills: number
  readonly race: boolean
  readonly commit: string
}

/** Seeds that failed once with runs of this kind and size, oldest first: they are run before any other. */
export function keptSeeds(options: CampaignOptions): readonly string[] {
  return read()
    .filter((kept) => isAlike(kept, options) && kept.seed !== options.seed)
    .map(({ seed }) => seed)
}

export function keepFailure(options: CampaignOptions): void {
  const { seed, actions, kills, race, commit } = options
  const kept = read()
  if (kept.some((one) => isAlike(one, options) && one.seed === seed)) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify([...kept, { seed, actions, kills, race, commit }], null, 2)}\n`)
}

function isAlike(kept: Kept, { actions, kills, race }: CampaignOptions): boolean {
  return kept.actions === actions && kept.kills === kills && kept.race === race
}

function read(): Kept[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept[]) : []
}
