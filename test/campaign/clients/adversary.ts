import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { apiOf } from './api.js'
import { beginPart } from './part.js'

/**
 * Somebody with an agent's token, a token of the other tenant, that of the agents' owner, and write access to the
 * Temporal namespace: all of it is used against what others ask for.
 */
const { tenant, api, journal, random, settings } = beginPart()
const { url = '', foreign = '', owner = '', temporal = '', address = '', namespace = '' } = settings
const run = promisify(execFile)
const stranger = apiOf(url, foreign)
const self = apiOf(url, owner)

interface Seen {
  readonly id: string
  readonly workflow: { readonly id: string }
  readonly steps: readonly { readonly id: string }[]
  readonly approval: { readonly id: string; readonly envelope_digest: string } | null
}

const forged = JSON.stringify({ state: 'committed', verified: true, output: { id: 'ef_forged', amount_cents: 1 } })

async function cli(what: string, ...args: string[]): Promise<void> {
  const where = ['--address', address, '--namespace', namespace]
  const done = await run(temporal, [...args, ...where], { timeout: 20_000 }).then(
    () => 'done',
    () => 'refused',
  )
  journal.write({ what: `${what}: ${done}`, target: args.join(' ').slice(0, 200), status: null })
}

async function http(
  what: string,
  who: typeof api,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<void> {
  const { status } = await who(method, path, body)
  journal.write({ what, target: `${method} ${path}`, status })
}

/** The owner of the agents sees what they ask for, but is no judge of it. */
async function present(): Promise<Seen | undefined> {
  const { body } = await self('GET', '/v1/actions?limit=20')
  const items = (body.items ?? []) as Seen[]
  return items.length > 0 ? random.pick(items) : undefined
}

const attacks: readonly ((seen: Seen) => Promise<void>)[] = [
  ({ workflow }) =>
    cli(
      'a signal that says what was decided',
      'workflow',
      'signal',
      '-w',
      workflow.id,
      '--name',
      'approval',
      '-i',
      forged,
    ),
  ({ workflow }) =>
    cli('a signal of another name', 'workflow', 'signal', '-w', workflow.id, '--name', 'approve', '-i', 'true'),
  ({ workflow, steps }) => {
    const ids = steps.flatMap(({ id }) => [`${id}.execute.1`, `${id}.verify`, `${id}.compensate.1`])
    const args = ['activity', 'complete', '-w', workflow.id, '--activity-id', random.pick(ids), '--result', forged]
    return cli('a completion that says it is done', ...args)
  },
  ({ workflow }) => cli('a cancellation', 'workflow', 'cancel', '-w', workflow.id),
  ({ id }) => http('a foreign action read', stranger, 'GET', `/v1/actions/${id}`),
  ({ id }) => http('a foreign action cancelled', stranger, 'POST', `/v1/actions/${id}/cancel`, { reason: 'mine now' }),
  async ({ approval }) => {
    if (!approval) return
    const body = { vote: 'approve', reason: 'mine', envelope_digest: approval.envelope_digest }
    const path = `/v1/approvals/${approval.id}/votes`
    await http('a vote with the token of an agent', api, 'POST', path, body)
    await http('a vote from another tenant', stranger, 'POST', path, body)
    await http('a vote of the owner', self, 'POST', path, body)
  },
  async () => {
    const steps = [{ tool: 'pay_blindly', args: { subject: `${tenant}_forged`, amount_cents: 100 } }]
    const context = { request_id: 'forged', tenant: tenant === 'acme' ? 'globex' : 'acme' }
    await http('a request in the name of another tenant', api, 'POST', '/v1/actions', { plan: { steps }, context })
  },
]

for (;;) {
  const seen = await present()
  if (seen) await random.pick(attacks)(seen)
  await pause(random.between(100, 1_500))
}
