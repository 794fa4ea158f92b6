import { randomBytes } from 'node:crypto'
import { verifierOf } from '../../activities/verifier.js'
import type { LeaseRequest } from '../contract/credential-source.js'
import { isNotCommitted } from '../contract/not-committed.js'
import type { ListedEffect, Tool, ToolCall } from '../contract/tool.js'
import type { EffectCount, ToolCheck } from '../contract/tool-checks.js'
import { secretsOf } from '../credentials/secrets.js'
import { meaningOf } from '../domain/answers.js'
import { promiseFor } from '../domain/execution.js'
import type { JsonObject } from '../domain/json.js'
import type { Phase } from '../domain/lifecycle.js'
import { give } from './credentials.js'
import { type Looked, readLooked } from './looked.js'
import type { Plan, Relay } from './relay.js'

/** One call as an executor judges it. */
export interface Called {
  readonly effect: 'committed' | 'not-committed' | 'unknown'
  readonly output: JsonObject | null
  readonly detail: string
  /** How many exchanges it had with its downstream, where there is a relay. */
  readonly exchanges: number
}

export interface CallOptions {
  readonly key?: string
  /** Aborts the call; its deadline does too. */
  readonly signal?: AbortSignal
  /** What the relay does to it. */
  readonly plan?: Plan
  /** Told when the credentials are there, and the tool is called. */
  readonly begun?: () => void
}

/** What the trials of one tool share. */
export interface Setting {
  readonly tool: Tool
  readonly check: ToolCheck
  readonly relay: Relay | null
  /** Everything the tool said, and every secret it was given, to be compared at the end. */
  readonly said: string[]
  readonly secrets: Set<string>
  /** Credentials that are being ended: a provider that is slow at it does not make the tool slow. */
  readonly endings: Set<Promise<void>>
}

/** One trial: arguments of its own, a key of its own, and what the downstream shows since it began. */
export interface Stage extends Setting {
  readonly args: JsonObject
  readonly key: string
  readonly execute: (options?: CallOptions) => Promise<Called>
  /** `output` null: as if the answer had been lost. */
  readonly verify: (output: JsonObject | null) => Promise<Looked>
  readonly compensate: (output: JsonObject, options?: CallOptions) => Promise<Called>
  /** Whether it was undone, as an executor reads what the tool says: `committed` where nothing stands any more. */
  readonly verifyUndone: (output: JsonObject) => Promise<Looked>
  /** What the tool lists under the key of this stage. */
  readonly listEffects: (span: { since: Date; until: Date }) => Promise<readonly ListedEffect[]>
  readonly count: () => Promise<Required<EffectCount>>
}

const ids = () => randomBytes(20).toString('hex')

/** Prepares the next trial. */
export async function openStage(setting: Setting): Promise<Stage> {
  const { tool, check } = setting
  const { world, input } = check
  await Promise.all(setting.endings)
  setting.endings.clear()
  await world.reset?.()
  const args = JSON.parse(JSON.stringify(typeof input === 'function' ? await input() : input)) as JsonObject
  tool.parseArgs(args)
  const before = await counted(check, args)
  const key = `exq_${ids()}`
  const call = <T>(use: Use, work: (call: ToolCall) => Promise<T>) => makeCall(setting, use, work)
  const undoKey = `${key}-undo`
  const look = (about: Phase, output: JsonObject | null): Promise<Looked> => {
    const verifier = verifierOf(tool, about)
    const own = verifier.keyOf === 'compensate' ? undoKey : key
    return call({ phase: 'verify', about, key: own }, async (given) => {
      try {
        const answer = await verifier.ask(tool.parseArgs(args), output, given)
        setting.said.push(JSON.stringify(answer) ?? '')
        return readLooked(tool, verifier, answer, { args, output }, secretsOf([...setting.secrets]))
      } catch (error) {
        return { found: 'unknown', error: heard(setting, error) }
      }
    })
  }
  return {
    ...setting,
    args,
    key,
    execute: ({ key: own = key, ...options }: CallOptions = {}) =>
      judged(setting, 'execute', () =>
        call({ ...options, phase: 'execute', key: own }, async (given) => {
          const output = tool.parseOutput(await tool.execute(tool.parseArgs(args), given))
          return JSON.parse(JSON.stringify(output)) as JsonObject
        }),
      ),
    verify: (output) => look('execute', output),
    compensate: (output, { key: own = undoKey, ...options }: CallOptions = {}) =>
      judged(setting, 'compensate', () =>
        call({ ...options, phase: 'compensate', key: own }, async (given) => {
          await tool.compensate?.(tool.parseArgs(args), tool.parseOutput(output), given)
          return null
        }),
      ),
    verifyUndone: (output) => look('compensate', output),
    listEffects: (span) =>
      call({ phase: 'verify', key }, async (given) => {
        const listed = (await tool.listEffects?.(span, given)) ?? []
        setting.said.push(JSON.stringify(listed))
        return listed.filter(({ idempotencyKey }) => idempotencyKey === key)
      }),
    count: async () => {
      const now = await counted(check, args)
      return { made: now.made - before.made, undone: now.undone - before.undone }
    },
  }
}

async function counted({ world }: ToolCheck, args: JsonObject): Promise<Required<EffectCount>> {
  const count = await world.effects(args)
  return typeof count === 'number' ? { made: count, undone: 0 } : { undone: 0, ...count }
}

interface Use extends CallOptions {
  readonly phase: Phase | 'verify'
  /** What is looked at. */
  readonly about?: Phase
  readonly key: string
}

/** Gets credentials, lets the tool work until its deadline, and ends them. What comes after the deadline is not waited for. */
async function makeCall<T>(
  { tool, check, secrets, relay, endings }: Setting,
  use: Use,
  work: (call: ToolCall) => Promise<T>,
): Promise<T> {
  const { phase, about = phase === 'verify' ? 'execute' : phase } = use
  const ttl_ms = promiseFor(tool.contract, about).call_timeout_ms
  const deadline = AbortSignal.timeout(ttl_ms)
  const signal = use.signal ? AbortSignal.any([use.signal, deadline]) : deadline
  const actionId = 'act_aaaaaaaaaaaaaaaaaaaaaaaaaa'
  const given = await give(tool, check.world, {
    ...{ tenant: 'check', action_id: actionId, step: 'step1', phase, attempt: 1 },
    ...{ agent: 'agent:check', on_behalf_of: null, ttl_ms, signal: deadline },
    scope: (phase === 'verify' || tool.effect === 'none' ? 'read' : 'write') satisfies LeaseRequest['scope'],
  })
  for (const secret of given.secrets) secrets.add(secret)
  try {
    const { credentials } = given
    // Not before: how a credential is had is not what is tried here.
    relay?.arm(use.plan ?? null)
    use.begun?.()
    return await work({ idempotencyKey: use.key, credentials, signal, tenant: 'check', actionId })
  } finally {
    endings.add(given.release().catch(() => undefined))
  }
}

async function judged(setting: Setting, phase: Phase, work: () => Promise<JsonObject | null>): Promise<Called> {
  const exchanges = () => setting.relay?.exchanges() ?? 0
  try {
    const output = await work()
    setting.said.push(JSON.stringify(output))
    return { effect: 'committed', output, detail: 'it resolved', exchanges: exchanges() }
  } catch (error) {
    const detail = heard(setting, error)
    const effect = isNotCommitted(error) ? 'not-committed' : meant(setting.tool, phase, error)
    return { effect, output: null, detail, exchanges: exchanges() }
  }
}

/** What an error says by the `answers` that the contract has for this phase. */
function meant({ contract }: Tool, phase: Phase, error: unknown): Called['effect'] {
  const meaning = meaningOf(error, promiseFor(contract, phase))
  return meaning === 'yes' ? 'committed' : meaning === 'no' ? 'not-committed' : 'unknown'
}

/** The message of an error, kept to be searched for secrets, with those of its causes. */
function heard({ said }: Setting, error: unknown): string {
  const messages: string[] = []
  for (let next: unknown = error; next instanceof Error && messages.length < 5; next = next.cause)
    messages.push(next.message)
  if (messages.length === 0) messages.push(String(error))
  said.push(messages.join('\n'))
  return (messages[0] ?? '').split('\n', 1)[0]?.slice(0, 200) ?? ''
}
