import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CampaignOptions } from './options.js'

const file = join(resolve(process.env.EXEQUATUR_HOME || '.exequatur'), 'campaign', 'failed-seeds.json')

interface Kept {
  readonly seed: string
  readonly actions: number
  readonly kills: number
  readonly commit: string
}

/** Seeds that failed once with runs of this size, oldest first: they are run before any other. */
export function keptSeeds({ actions, kills, seed }: CampaignOptions): readonly string[] {
  return read()
    .filter((kept) => kept.actions === actions && kept.kills === kills && kept.seed !== seed)
    .map((kept) => kept.seed)
}

export function keepFailure({ seed, actions, kills, commit }: CampaignOptions): void {
  const kept = read()
  if (kept.some((one) => one.seed === seed && one.actions === actions && one.kills === kills)) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify([...kept, { seed, actions, kills, commit }], null, 2)}\n`)
}

function read(): Kept[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept[]) : []
}
