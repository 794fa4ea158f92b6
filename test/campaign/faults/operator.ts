import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Journal } from '../clients/journal.js'
import type { Random } from '../random.js'
import type { CampaignStack } from '../stack/open-stack.js'

const run = promisify(execFile)

/** Somebody with the Temporal CLI who means well, or not: resets, terminates and deletes what is in the middle of something. */
export function operatorOf({ temporal }: CampaignStack, random: Random, journal: Journal) {
  const cli = async (...args: string[]): Promise<string> => {
    const where = ['--address', temporal.address, '--namespace', temporal.namespace]
    return (await run(temporal.binary, ['workflow', ...args, ...where], { timeout: 20_000 })).stdout
  }
  const orders: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ['reset to the first task', (id) => cli('reset', '-w', id, '-t', 'FirstWorkflowTask', '--reason', 'campaign')],
    ['reset to the last task', (id) => cli('reset', '-w', id, '-t', 'LastWorkflowTask', '--reason', 'campaign')],
    ['terminate', (id) => cli('terminate', '-w', id, '--reason', 'campaign')],
    ['delete', (id) => cli('delete', '-w', id)],
  ]
  return {
    /** Does something to one of these workflows. */
    meddle: async (ids: readonly string[]): Promise<void> => {
      if (ids.length === 0) return
      const workflow_id = random.pick(ids)
      const [what, order] = random.pick(orders)
      const came = await order(workflow_id).then(
        () => 'done',
        () => 'refused',
      )
      journal.write({ kind: 'operator', what: `${what}: ${came}`, workflow_id })
    },
  }
}
