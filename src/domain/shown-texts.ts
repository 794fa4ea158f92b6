import type { Change } from './amendment.js'
import type { AskedBefore, Envelope } from './envelope.js'
import type { Json, JsonObject } from './json.js'

/** A text that approvers are shown: where it is in the envelope (a JSON Pointer), and the names on the way to it. */
export interface ShownText {
  readonly pointer: string
  /** Names that the agent chose; empty where all are ours. */
  readonly keys: string
  readonly text: string
  /** It is shown to its end, however long it is. */
  readonly uncut?: true
}

/** A leaf of the arguments. */
export interface Leaf extends ShownText {
  readonly value: Json
}

/** Characters of one text that are shown, of its beginning and its end; and of the names on the way to it. */
export const shownOfText = { head: 450, tail: 150 } as const
export const shownOfKeys = 200
/** Leaves of one step that are shown. */
const shownLeaves = 50

/** Is a text too long to be shown whole, and are the names on the way to it? */
export function cutOf({ text, keys, uncut }: Omit<ShownText, 'pointer'>): {
  readonly text: boolean
  readonly keys: boolean
} {
  if (uncut) return { text: false, keys: false }
  return { text: [...text].length > shownOfText.head + shownOfText.tail, keys: [...keys].length > shownOfKeys }
}

/** The id in what is acted on: the kind of thing before it is the contract's word, the id the agent's. */
export function idIn(resource: string): string {
  return resource.split(' ').slice(1).join(' ')
}

/** What a change is called: of `/observed/refundable_cents` that moved the field, of an amended argument its names. */
export function nameOfChange(pointer: string, of: 'moved' | 'amended'): string {
  return pointer
    .split('/')
    .slice(of === 'moved' ? 2 : 1)
    .join('/')
}

/** What was said of an earlier action that asked for the same, without the code of the error. */
export function saidBefore({ explanation }: AskedBefore): string {
  return explanation.replace(/^EXQ-\d{4} /, '')
}

/**
 * The leaves of a step's arguments that are shown, in their order, and how many are not: the deepest, if there are too many.
 * `whole`: all are.
 */
export function leavesOf(
  args: JsonObject,
  pointer: string,
  whole = false,
): { readonly leaves: readonly Leaf[]; readonly left: number } {
  const all = leaves(args, pointer)
  if (whole) return { leaves: all, left: 0 }
  const shallow = new Set([...all].sort((a, b) => a.depth - b.depth).slice(0, shownLeaves))
  return { leaves: all.filter((leaf) => shallow.has(leaf)), left: all.length - shallow.size }
}

/** Everything of an envelope that is shown as somebody else wrote it, and where leaves are left out. */
export function shownTexts(envelope: Envelope): {
  readonly texts: readonly ShownText[]
  readonly hidden: readonly { readonly pointer: string; readonly count: number }[]
} {
  const { chain, request, amendments = [], asked_before = [], done = [], moved = [] } = envelope
  const { context, plan } = request
  const steps = envelope.steps.map((step, index) => {
    const pointer = `/steps/${index}`
    return { step, pointer, ...leavesOf(step.args, `${pointer}/args`) }
  })
  const whole: Named[] = [
    ['/chain/agent', chain.agent],
    ['/chain/owner', chain.owner],
    ['/chain/on_behalf_of', chain.on_behalf_of],
    ...(chain.actors ?? []).map((actor, index): Named => [`/chain/actors/${index}`, actor]),
    ['/explanation', envelope.explanation],
    ...amendments.map(({ amended_by }, index): Named => [`/amendments/${index}/amended_by`, amended_by]),
  ]
  const named: Named[] = [
    ...steps.map(({ step, pointer }): Named => [`${pointer}/resource`, idIn(step.resource)]),
    ...steps.map(({ step, pointer }): Named => [`${pointer}/summary`, step.summary]),
    ...done.map(({ resource }, index): Named => [`/done/${index}/resource`, idIn(resource)]),
    ...amendments.map(({ reason }, index): Named => [`/amendments/${index}/reason`, reason]),
    ...asked_before.map((each, index): Named => [`/asked_before/${index}/explanation`, saidBefore(each)]),
    ['/request/context/ticket_id', context.ticket_id],
    ['/request/context/incident_id', context.incident_id],
    ['/request/context/user_id', context.user_id],
    ['/request/context/request_id', context.request_id],
    ['/request/plan/goal', plan.goal],
    ['/request/context/reason', context.reason],
  ]
  return {
    texts: [
      ...steps.flatMap(({ leaves }) => leaves),
      ...steps.flatMap(({ step, pointer }) => sidesOf(step.changes ?? [], pointer)),
      ...moved.flatMap(({ changes }, index) => changedTexts(changes, `/moved/${index}`, 'moved')),
      ...amendments.flatMap(({ changes }, index) => changedTexts(changes, `/amendments/${index}`, 'amended')),
      ...named.flatMap(([pointer, text]) => (text ? [{ pointer, keys: '', text }] : [])),
      ...whole.flatMap(([pointer, text]) => (text ? [{ pointer, keys: '', text, uncut: true as const }] : [])),
    ],
    hidden: steps.flatMap(({ pointer, left }) => (left > 0 ? [{ pointer: `${pointer}/args`, count: left }] : [])),
  }
}

type Named = readonly [pointer: string, text: string | null | undefined]

function changedTexts(changes: readonly Change[], pointer: string, of: 'moved' | 'amended'): ShownText[] {
  const names = changes.map((change, place) => ({
    pointer: `${pointer}/changes/${place}`,
    keys: nameOfChange(change.pointer, of),
    text: '',
  }))
  return [...names, ...sidesOf(changes, pointer)]
}

function sidesOf(changes: readonly Pick<Change, 'before' | 'after'>[], pointer: string): ShownText[] {
  return changes.flatMap(({ before, after }, place) =>
    Object.entries({ before, after }).flatMap(([side, value]) =>
      value === undefined ? [] : [textOf(value, `${pointer}/changes/${place}/${side}`)],
    ),
  )
}

function textOf(value: Json, pointer: string): ShownText {
  return { pointer, keys: '', text: typeof value === 'string' ? value : JSON.stringify(value) }
}

function leaves(value: Json, pointer: string, keys: readonly string[] = []): (Leaf & { readonly depth: number })[] {
  if (typeof value !== 'object' || value === null || (Object.keys(value).length === 0 && keys.length > 0)) {
    return [{ ...textOf(value, pointer), keys: keys.join('/'), value, depth: keys.length }]
  }
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = name.replaceAll('~', '~0').replaceAll('/', '~1')
    return leaves(inner, `${pointer}/${key}`, [...keys, key])
  })
}
