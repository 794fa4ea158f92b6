import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CampaignOptions } from './options.js'

const keptFile = join(resolve(process.env.EXEQUATUR_HOME || '.exequatur'), 'campaign', 'failed-seeds.json')

/** A run that failed once, with all it takes to run it again. */
export type Kept = Omit<CampaignOptions, 'name'>

/** Runs that failed once, oldest first: they are run before any other. */
export function keptRuns(file = keptFile): readonly Kept[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept[]) : []
}

export function keepFailure({ name: _name, ...failed }: CampaignOptions, file = keptFile): void {
  const kept = keptRuns(file)
  if (kept.some((one) => one.seed === failed.seed && isAlike(one, failed))) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify([...kept, failed], null, 2)}\n`)
}

/** Of one kind and size. */
export function isAlike(one: Kept, other: Kept): boolean {
  const facts = ({ actions, kills, race, matrix }: Kept) => JSON.stringify([actions, kills, race, matrix])
  return facts(one) === facts(other)
}
