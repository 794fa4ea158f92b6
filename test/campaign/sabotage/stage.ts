import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Child } from 'exequatur/dev'
import type { AskedStep } from '../checker/evidence.js'
import { type Api, apiOf } from '../clients/api.js'
import { openJournal } from '../clients/journal.js'
import type { System } from '../downstream/books.js'
import type { CampaignStack } from '../stack/open-stack.js'
import { type HeldIntents, holdIntents } from './held-intents.js'
import { until } from './until.js'

const tools = { keyed: 'pay_by_key', queryable: 'pay_by_reference', blind: 'pay_blindly' } as const
const tenant = 'acme'
const agent = 'payer_1'
const run = promisify(execFile)

/** What a person was shown. */
interface Shown {
  readonly id: string
  readonly envelope_digest: string
  readonly expires_at: string
}

/** A stack, and whoever acts on it in a scenario: each writes down what it does before it does it. */
export interface Stage {
  readonly stack: CampaignStack
  readonly asked: readonly { readonly tenant: string; readonly action_id: string }[]
  /** Asks for one call of each subject, all of one amount; resolves to the action. */
  readonly ask: (system: System, subjects: readonly string[], amount: number) => Promise<string>
  readonly approval: (action: string) => Promise<Shown>
  /** Resolves to the status of the answer. */
  readonly vote: (person: string, action: string) => Promise<number | null>
  readonly cancel: (action: string) => Promise<void>
  readonly read: (action: string) => Promise<Readonly<Record<string, unknown>>>
  /** Makes the workflow begin anew, by the Temporal CLI. */
  readonly reset: (action: string) => Promise<void>
  readonly executor: (name: string, env?: NodeJS.ProcessEnv) => Promise<Child>
  /** Notes that a process was killed. */
  readonly killed: (pid: number) => void
  readonly booked: (subject: string, times?: number) => Promise<unknown>
  readonly holdIntents: () => Promise<HeldIntents>
  readonly close: () => void
}

export function openStage(stack: CampaignStack): Stage {
  const client = openJournal(join(stack.home, 'clients', `${agent}.jsonl`))
  const faults = openJournal(join(stack.home, 'faults.jsonl'))
  const journals = [client, faults]
  const asked: { tenant: string; action_id: string }[] = []
  const tokens = stack.tokens[tenant]
  const asAgent = apiOf(stack.api, tokens?.agents[agent] ?? '')
  const people = new Map<string, { readonly api: Api; readonly journal: ReturnType<typeof openJournal> }>()
  const person = (name: string) => {
    const known = people.get(name)
    if (known) return known
    const journal = openJournal(join(stack.home, 'approvers', `${name}.jsonl`))
    journals.push(journal)
    const one = { api: apiOf(stack.api, tokens?.people[name] ?? ''), journal }
    people.set(name, one)
    return one
  }
  const read = async (action: string) => (await asAgent('GET', `/v1/actions/${action}`)).body
  const approval = (action: string) =>
    until(`${action} asks for approval`, async () => {
      const found = (await read(action)).approval as { readonly id: string } | null
      if (!found) return null
      const { status, body } = await person('ann').api('GET', `/v1/approvals/${found.id}`)
      return status === 200 ? (body as unknown as Shown) : null
    })
  return {
    stack,
    asked,
    read,
    approval,
    ask: async (system, subjects, amount) => {
      const request_id = subjects.join('.')
      const steps = subjects.map(
        (subject, index): AskedStep => ({ id: `step${index + 1}`, system, tool: tools[system], subject, amount }),
      )
      client.write({ kind: 'asking', tenant, agent, request_id, steps })
      const { status, body } = await asAgent('POST', '/v1/actions', {
        plan: { steps: subjects.map((subject) => ({ tool: tools[system], args: { subject, amount_cents: amount } })) },
        context: { request_id },
      })
      const action_id = status === 200 || status === 202 ? String(body.id) : null
      client.write({ kind: 'answered', tenant, request_id, status, action_id, code: body.code ?? null })
      if (action_id === null) throw new Error(`${request_id} was not taken: ${JSON.stringify(body)}`)
      asked.push({ tenant, action_id })
      return action_id
    },
    vote: async (name, action) => {
      const { api, journal } = person(name)
      const { id, envelope_digest, expires_at } = await approval(action)
      const facts = {
        ...{ tenant, person: name, approval_id: id, action_id: action, envelope_digest, vote: 'approve' },
        expires_at: Date.parse(expires_at),
      }
      const body = { vote: 'approve', reason: 'looked at it', envelope_digest }
      journal.write({ kind: 'voting', ...facts })
      const { status, body: said } = await api('POST', `/v1/approvals/${id}/votes`, body)
      journal.write({ kind: 'voted', ...facts, status, code: said.code ?? null })
      return status
    },
    cancel: async (action) => {
      const { status, body } = await asAgent('POST', `/v1/actions/${action}/cancel`, { reason: 'enough' })
      if (status !== 200 && status !== 409) throw new Error(JSON.stringify(body))
    },
    reset: async (action) => {
      const { binary, address, namespace } = stack.temporal
      const workflow_id = `${tenant}/${action}`
      const args = ['workflow', 'reset', '-w', workflow_id, '-t', 'FirstWorkflowTask', '--reason', 'campaign']
      await run(binary, [...args, '--address', address, '--namespace', namespace], { timeout: 20_000 })
      faults.write({ kind: 'operator', what: 'reset to the first task: done', workflow_id })
    },
    executor: (name, env) => stack.startExecutor(name, env),
    killed: (pid) => faults.write({ kind: 'killed', who: 'executor', pid, why: 'its request is held' }),
    booked: (subject, times = 1) =>
      until(
        `${subject} is in the books`,
        async () => {
          const lines = (await stack.downstream.booked()).filter((line) => line.subject === subject)
          return lines.length >= times || null
        },
        120_000,
      ),
    holdIntents: () => holdIntents(stack.databaseUrl),
    close: () => {
      for (const journal of journals) journal.close()
    },
  }
}
