import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Journal } from '../clients/journal.js'
import type { Random } from '../random.js'
import type { CampaignStack } from '../stack/open-stack.js'

const run = promisify(execFile)

interface Shown {
  readonly events: readonly { readonly eventId: string; readonly eventType: string }[]
}

/** Somebody with the Temporal CLI who means well, or not: resets, terminates and deletes what is in the middle of something. */
export function operatorOf({ temporal }: CampaignStack, random: Random, journal: Journal) {
  const cli = async (...args: string[]): Promise<string> => {
    const where = ['--address', temporal.address, '--namespace', temporal.namespace]
    return (await run(temporal.binary, ['workflow', ...args, ...where], { timeout: 20_000, maxBuffer: 64 << 20 }))
      .stdout
  }
  const orders: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ['reset to the first task', (id) => cli('reset', '-w', id, '-t', 'FirstWorkflowTask', '--reason', 'campaign')],
    ['reset to the last task', (id) => cli('reset', '-w', id, '-t', 'LastWorkflowTask', '--reason', 'campaign')],
    ['reset to any task', (id) => resetToAny(id)],
    ['terminate', (id) => cli('terminate', '-w', id, '--reason', 'campaign')],
    ['delete', (id) => cli('delete', '-w', id)],
  ]
  const resetToAny = async (id: string) => {
    const { events } = JSON.parse(await cli('show', '-w', id, '-o', 'json')) as Shown
    const tasks = events.filter(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')
    if (tasks.length === 0) throw new Error('it has completed no task')
    return cli('reset', '-w', id, '--event-id', random.pick(tasks).eventId, '--reason', 'campaign')
  }
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
