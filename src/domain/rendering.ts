import type { Envelope } from './envelope.js'
import { flagName, flagsOf } from './flags.js'
import type { Json } from './json.js'
import { tellRequirements } from './policy.js'
import { printable, quoted } from './printable.js'
import type { ActionRequest } from './request.js'
import { isCut, leavesOf, shownOfKeys, shownOfText } from './shown-texts.js'

/**
 * What approvers are shown, drawn from the envelope alone: what to look at closely first, then every leaf of the
 * arguments. The agent's own words are in the last lines and nowhere else, and said to be its own. `digestOf` names the
 * whole of a text that is cut.
 */
export function renderEnvelope(envelope: Envelope, digestOf: (text: string) => string): string {
  const { request, chain } = envelope
  const show = (text: string, value: unknown = text) => shownValue(text, value, digestOf)
  const lines = [
    ...flagLines(envelope),
    `${quoted(chain.agent)} asks to act in ${quoted(envelope.tenant)}${chain.on_behalf_of ? ` on behalf of ${quoted(chain.on_behalf_of)}` : ''}.`,
    ...(chain.actors ? [`Asked through ${chain.actors.map(quoted).join(', then ')}.`] : []),
    ...doneLines(envelope, show),
    ...envelope.steps.flatMap((step, index) => {
      const { leaves, left } = leavesOf(step.args, `/steps/${index}/args`)
      return [
        '',
        `${step.id}: ${step.title} (${step.tool} v${step.version}) on ${shownResource(step.resource, show)}, ${step.undoable ? 'can be undone' : 'CANNOT BE UNDONE'}`,
        ...(step.touches === undefined
          ? []
          : [`  touches ${step.touches} ${step.touches === 1 ? 'object' : 'objects'} at most`]),
        ...leaves.map(({ keys, text, value }) => `  ${shownKeys(keys)} = ${show(text, value)}`),
        ...(left > 0 ? [`  (${left} more arguments are not shown)`] : []),
      ]
    }),
    ...movedLines(envelope, show),
    ...amendmentLines(envelope, show),
    '',
    `Why people are asked: ${printable(envelope.explanation)}`,
    `Needed: ${tellRequirements(envelope.requirements)}. Expires ${envelope.expires_at}.`,
    ...silenceLines(envelope),
    ...beforeLines(envelope, show),
    ...context(request).map(([name, value]) => `${name}: ${isPlain(value) ? value : show(value)}`),
  ]
  const said = [request.plan.goal, request.context.reason].filter((text) => text !== undefined)
  for (const text of said) lines.push(`The agent says (not verified): ${show(text)}`)
  return lines.join('\n')
}

/** Approving does not do these again. */
function doneLines({ done = [] }: Envelope, show: (text: string) => string): string[] {
  if (done.length === 0) return []
  return [
    '',
    'DONE ALREADY, and not asked for again:',
    ...done.map(
      ({ id, title, tool, version, resource }) =>
        `  ${id}: ${title} (${tool} v${version}) on ${shownResource(resource, show)}`,
    ),
  ]
}

function silenceLines({ escalations = [] }: Envelope): string[] {
  return escalations.map(({ group, to, at }) => `From ${at} on ${to} may stand for ${group} too.`)
}

function beforeLines({ asked_before = [] }: Envelope, show: (text: string) => string): string[] {
  return asked_before.map(
    ({ action_id, at, explanation }) =>
      `ASKED BEFORE, exactly the same: ${action_id}, ended ${at}: ${show(explanation.replace(/^EXQ-\d{4} /, ''))}`,
  )
}

function flagLines(envelope: Envelope): string[] {
  const flags = flagsOf(envelope)
  if (flags.length === 0) return []
  return [
    'LOOK CLOSELY. To approve this, say that you have seen:',
    ...flags.map((flag) => `! ${flagName(flag)}: ${flag.says}`),
    '',
  ]
}

/** What is not as it was when this was asked first, the older value before the newer one. */
function movedLines({ moved = [] }: Envelope, show: (text: string, value?: unknown) => string): string[] {
  if (moved.length === 0) return []
  const value = valueIn(show)
  return [
    '',
    'CHANGED since this was decided before:',
    ...moved.flatMap(({ step, changes }) =>
      changes.map(
        ({ pointer, before, after }) => `  ${step} ${quoted(named(pointer))} ${value(before)} -> ${value(after)}`,
      ),
    ),
  ]
}

/** `/observed/refundable_cents` goes by its field. */
function named(pointer: string): string {
  return pointer.split('/').slice(2).join('/')
}

function valueIn(show: (text: string, value?: unknown) => string): (json: Json | undefined) => string {
  return (json) => (json === undefined ? 'nothing' : show(typeof json === 'string' ? json : JSON.stringify(json), json))
}

/** Not what the agent asked for: what people changed, before and after. */
function amendmentLines(
  { amendments = [], previous }: Envelope,
  show: (text: string, value?: unknown) => string,
): string[] {
  if (amendments.length === 0) return []
  const value = valueIn(show)
  return [
    '',
    `AMENDED since the agent asked; in place of the envelope ${previous}:`,
    ...amendments.flatMap(({ step, amended_by, reason, changes }) => [
      ...changes.map(
        ({ pointer, before, after }) => `  ${step} ${quoted(pointer)}: ${value(before)} is now ${value(after)}`,
      ),
      `  ${quoted(amended_by)} says why: ${show(reason)}`,
    ]),
  ]
}

function shownValue(text: string, value: unknown, digestOf: (text: string) => string): string {
  if (!isCut({ text, keys: '' })) return printable(JSON.stringify(value))
  const chars = [...text]
  const { head, tail } = shownOfText
  const [first, last] = [chars.slice(0, head), chars.slice(-tail)].map((part) =>
    printable(JSON.stringify(part.join(''))),
  )
  return `${first} [CUT: ${chars.length - head - tail} characters are not shown] ${last} (all of it: ${digestOf(text)})`
}

function shownKeys(keys: string): string {
  const chars = [...keys]
  return quoted(`/${chars.slice(0, shownOfKeys).join('')}`) + (chars.length > shownOfKeys ? ' [CUT]' : '')
}

/** The kind of thing is the contract's word, its id the agent's. */
function shownResource(resource: string, show: (text: string) => string): string {
  const [kind, ...id] = resource.split(' ')
  const name = id.join(' ')
  return `${kind}${name === '' ? '' : ` ${isPlain(name) ? name : show(name)}`}`
}

function isPlain(text: string): boolean {
  return quoted(text) === text && !isCut({ text, keys: '' })
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
