import type { PinnedContract } from './contract.js'
import type { Json, JsonObject } from './json.js'
import { type Requirements, tellRequirements } from './policy.js'
import type { ActionRequest } from './request.js'

/** One step as it would run, as far as that is known when the envelope is sealed. */
export interface EnvelopeStep {
  readonly id: string
  readonly tool: string
  readonly version: number
  readonly title: string
  readonly resource: string
  readonly args: JsonObject
  readonly undoable: boolean
}

/** What the facts say an approval would be for. Any change of a leaf makes other content, and voids every vote. */
export interface EnvelopeContent {
  readonly tenant: string
  readonly action_id: string
  readonly round: number
  readonly chain: { readonly agent: string; readonly owner: string | null; readonly on_behalf_of: string | null }
  readonly request_digest: string
  readonly request: ActionRequest
  readonly steps: readonly EnvelopeStep[]
  readonly observations: Readonly<Record<string, string>>
  readonly contracts: Readonly<Record<string, PinnedContract>>
  readonly policy_digest: string
}

/** The sealed request that votes sign, by its digest. */
export interface Envelope extends EnvelopeContent {
  readonly requirements: Requirements
  readonly explanation: string
  readonly expires_at: string
  readonly nonce: string
}

/** The part of an envelope that has to fit the present facts. */
export function contentOf({
  requirements: _r,
  explanation: _e,
  expires_at: _x,
  nonce: _n,
  ...content
}: Envelope): EnvelopeContent {
  return content
}

/** What approvers are shown, drawn from the envelope alone. Every leaf of the arguments is there; the agent's words are quoted. */
export function renderEnvelope(envelope: Envelope): string {
  const { request, chain } = envelope
  const lines = [
    `${chain.agent} asks to act in ${envelope.tenant}${chain.on_behalf_of ? ` on behalf of ${chain.on_behalf_of}` : ''}.`,
    ...envelope.steps.flatMap((step) => [
      '',
      `${step.id}: ${step.title} (${step.tool} v${step.version}) on ${printable(step.resource)}, ${step.undoable ? 'can be undone' : 'CANNOT BE UNDONE'}`,
      ...leaves(step.args).map(([path, value]) => `  ${path} = ${printable(JSON.stringify(value))}`),
    ]),
    '',
    `Why people are asked: ${printable(envelope.explanation)}`,
    `Needed: ${tellRequirements(envelope.requirements)}. Expires ${envelope.expires_at}.`,
    ...context(request).map(([name, value]) => `${name}: ${printable(value)}`),
  ]
  const said = [request.plan.goal, request.context.reason].filter((text) => text !== undefined)
  for (const text of said) lines.push(`The agent says (not verified): ${printable(JSON.stringify(text))}`)
  return lines.join('\n')
}

function context({ context }: ActionRequest): [string, string][] {
  const named: [string, string | undefined][] = [
    ['Ticket', context.ticket_id],
    ['Incident', context.incident_id],
    ['User', context.user_id],
    ['Request', context.request_id],
  ]
  return named.filter((entry): entry is [string, string] => entry[1] !== undefined)
}

function leaves(value: Json, path = ''): [string, Json][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[path || '/', value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`))
}

/** Control, bidirectional and invisible characters are shown as their code points: what is seen is what is there. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}
