import { endWithParent } from '../../../src/parent-watch.js'
import { type Random, seeded } from '../random.js'
import { type Api, apiOf } from './api.js'
import { type Journal, openJournal } from './journal.js'

/** What a process that plays a part is given, in its environment. */
export interface Part {
  readonly name: string
  readonly tenant: string
  readonly api: Api
  readonly journal: Journal
  readonly random: Random
  readonly settings: Readonly<Record<string, string>>
}

/** Begins a part, and says so to whoever started the process; it ends with them. */
export function beginPart(): Part {
  const settings = JSON.parse(String(process.env.CAMPAIGN_PART)) as Record<string, string>
  const { name = '', tenant = '', url = '', token = '', journal = '', seed = '' } = settings
  delete process.env.CAMPAIGN_PART
  endWithParent()
  process.once('SIGTERM', () => process.exit(0))
  process.stdout.write(`${JSON.stringify({ ready: name })}\n`)
  return {
    name,
    tenant,
    api: apiOf(url, token),
    journal: openJournal(journal),
    random: seeded(`${seed}/${tenant}/${name}`),
    settings,
  }
}
