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
  /** Every so manyth case of the crash matrix, instead of clients; 0 for none. */
  readonly matrix: number
}

export const usage = `npm run campaign -- [options]
  --actions <n>   actions to ask for (200)
  --kills <n>     processes to kill (40)
  --seed <text>   what all chances are drawn from (the time)
  --minutes <n>   how long the asking takes (by actions and kills)
  --calm          no outages, pauses, operators and stops
  --race          200 parallel actions against a budget for 50, with kills
  --seeds <n>     of the race (10)
  --matrix <n>    every nth case of all crash points, kinds of downstream, numbers of people, first try and recovery
  --nightly       whatever failed once, all of the matrix, then 20000 actions with 2000 kills
  --sabotage      plants one mistake after the other, each of which the judge has to see; --only <words> for some
  --publish       writes what came of it into the README, if all passed
  --json          the report for machines`

const flags = {
  actions: { type: 'string', default: '200' },
  kills: { type: 'string', default: '40' },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  calm: { type: 'boolean', default: false },
  race: { type: 'boolean', default: false },
  seeds: { type: 'string', default: '10' },
  matrix: { type: 'string' },
  nightly: { type: 'boolean', default: false },
  sabotage: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true },
  publish: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

export type Asked = ReturnType<typeof readOptions>

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
    matrix: 0,
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
