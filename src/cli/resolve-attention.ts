import type { AttentionView } from '../control-plane/attention/attention-view.js'
import { type Choice, choices, type ResolutionStatement } from '../domain/attention.js'
import { ExequaturError } from '../domain/errors.js'
import { isObject, type JsonObject } from '../domain/json.js'
import type { Api, ResolutionWish } from './api.js'
import { confirm } from './confirm.js'
import type { ConnectionOptions } from './connection.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { renderAttention, tellCall } from './show-attention.js'
import { signWithOwnKey } from './sign-with-own-key.js'
import { isInteractive, type Terminal } from './terminal.js'

export interface ResolveOptions extends ConnectionOptions {
  readonly happened?: true
  readonly didNotHappen?: true
  readonly attemptAgain?: true
  readonly compensate?: true
  readonly leave?: true
  readonly reason: string
  readonly evidence?: string
  readonly result?: string
  readonly digest?: string
  readonly yes?: true
}

const optionOf = { happened: 'happened', 'did-not-happen': 'didNotHappen', 'attempt-again': 'attemptAgain' } as const

/** Shows what needs attention, and records what a person decides about exactly that. */
export async function resolveAttention(session: Session, id: string, options: ResolveOptions): Promise<ExitCode> {
  const { output, terminal } = session
  const api = session.api(options)
  const choice = chosen(options)
  const shown = await findAttention(api, id)
  if (options.digest !== undefined && options.digest !== shown.state_digest)
    throw new ExequaturError('EXQ-5033', `what is known of ${shown.id} has the digest ${shown.state_digest}`)
  output.say((paint) => renderAttention(inert(shown), paint))
  const offered = shown.choices.find((each) => each.choice === choice)
  const asks = offered && !options.yes && !output.json && isInteractive(terminal)
  if (asks && !(await confirm(`${inert(tellCall(shown))}: ${choice}? ${offered.does}`))) {
    output.say('Nothing was decided.')
    return exitCodes.error.code
  }
  const wish = {
    choice,
    reason: options.reason,
    evidence: options.evidence ?? null,
    output: options.result === undefined ? null : parseOutput(options.result),
    state_digest: shown.state_digest,
  }
  const after = await api.resolveAttention(shown.id, await toResolution(api, terminal, shown, wish))
  output.show(after, (view) => `${choice} recorded on ${view.id}`)
  output.say(`How it goes on: \`exq watch ${inert(after.action_id)}\`.`)
  return exitCodes.ok.code
}

/** What needs attention under that id, or is open about the action of that id. */
export async function findAttention(api: Api, id: string): Promise<AttentionView> {
  if (!id.startsWith('act_')) return api.getAttention(id)
  const { attention } = await api.getAction(id)
  const [one, another] = attention
  if (!one) throw new ExequaturError('EXQ-5030', `nothing of ${id} needs attention`)
  if (another) throw new ExequaturError('EXQ-5030', `of ${id} there are ${attention.map((each) => each.id).join(', ')}`)
  return api.getAttention(one.id)
}

function chosen(options: ResolveOptions): Choice {
  const named = choices.filter((choice) => {
    const option = choice === 'compensate' || choice === 'leave' ? choice : optionOf[choice]
    return options[option] === true
  })
  if (named.length === 1 && named[0]) return named[0]
  throw new ExequaturError('EXQ-5035', `it takes one of ${choices.map((choice) => `--${choice}`).join(', ')}`)
}

function parseOutput(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value as JsonObject
  } catch {}
  throw new ExequaturError('EXQ-5035', '--result takes a JSON object')
}

/** Signed by the person's own key where one of theirs is on this machine, else for the server to sign. */
async function toResolution(api: Api, terminal: Terminal, shown: AttentionView, wish: ResolutionWish) {
  const { action_id, step, phase, generation, your_resolution } = shown
  const signed = await signWithOwnKey(
    api,
    terminal,
    ({ tenant, principal, account }): ResolutionStatement => ({
      kind: 'resolution',
      tenant,
      action_id,
      attention_id: shown.id,
      step,
      phase,
      generation,
      revision: your_resolution.revision,
      ...wish,
      decided_by: principal,
      account,
      method: 'key',
      self_decided: your_resolution.self_decided,
      at: new Date().toISOString(),
    }),
  )
  return signed ?? wish
}
