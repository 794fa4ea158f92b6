import { parseArgs } from 'node:util'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import setUpPostgres from '../_util/global-setup.js'
import { type Attack, carryOut, type Result } from './attack.js'
import { openAttackedDesk } from './attacked-desk.js'
import { heading, line, safe, summary } from './report.js'
import { openRoom } from './room.js'
import { sabotage } from './sabotage/sabotage.js'
import { deskAttacks, roomAttacks } from './suite.js'

/**
 * `npm run attacks` carries out every attack and prints what came of it; ends with 1 if one succeeded or could not be
 * carried out. `--only <words>` picks attacks by name, `--json` prints results for machines, and `--sabotage` plants
 * defects in a copy of the sources, to show that each is noticed.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    sabotage: { type: 'boolean', default: false },
  },
})

Runtime.install({ logger: new DefaultLogger('ERROR') })
const stopPostgres = await setUpPostgres()
try {
  const passed = values.sabotage ? await sabotage(values.only) : await attackAll()
  process.exitCode = passed ? 0 : 1
} finally {
  await stopPostgres?.()
}

async function attackAll(): Promise<boolean> {
  const results: Result[] = []
  if (!values.json) console.log(heading)
  await inVenue(roomAttacks, openRoom, results)
  await inVenue(deskAttacks, () => openAttackedDesk('attacks'), results)
  console.log(values.json ? JSON.stringify(results) : `\n${summary(results)}`)
  return safe(results)
}

async function inVenue<Venue extends { close: () => Promise<void> }>(
  attacks: readonly Attack<Venue>[],
  open: () => Promise<Venue>,
  results: Result[],
): Promise<void> {
  const chosen = attacks.filter(({ name }) => values.only?.some((words) => name.includes(words)) ?? true)
  if (chosen.length === 0) return
  const venue = await open()
  try {
    for (const attack of chosen) {
      const result = await carryOut(attack, venue)
      results.push(result)
      if (!values.json) console.log(line(result))
    }
  } finally {
    await venue.close()
  }
}
