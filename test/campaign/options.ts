import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'

export interface CampaignOptions {
  readonly actions: number
  readonly kills: number
  readonly seed: string
  /** How long the clients take to ask for everything. */
  readonly minutes: number
  readonly name: string
  readonly commit: string
  /** Outages, pauses, operators and stops; false leaves only kills and the downstream's troubles. */
  readonly rough: boolean
  readonly race: boolean
}

export const usage = `npm run campaign -- [options]
  --actions <n>   actions to ask for (200)
  --kills <n>     processes to kill (40)
  --seed <text>   what all chances are drawn from (the time)
  --minutes <n>   how long the asking takes (by actions and kills)
  --calm          no outages, pauses, operators and stops
  --race          200 parallel actions against a budget for 50, ten seeds
  --nightly       crash points, exhaustively, then a large campaign
  --json          the report for machines`

const flags = {
  actions: { type: 'string', default: '200' },
  kills: { type: 'string', default: '40' },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  calm: { type: 'boolean', default: false },
  race: { type: 'boolean', default: false },
  nightly: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

export function readOptions(args: readonly string[]) {
  const { values } = parseArgs({ args: [...args], options: flags })
  const [actions, kills] = [Number(values.actions), Number(values.kills)]
  const options: CampaignOptions = {
    actions,
    kills,
    seed: values.seed ?? String(Date.now()),
    minutes: values.minutes ? Number(values.minutes) : Math.max(0.5, kills / 30, actions / 200),
    name: 'run',
    commit: commit(),
    rough: !values.calm,
    race: values.race,
  }
  return { ...values, options }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
