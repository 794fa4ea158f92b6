import type { Change } from './amendment.js'
import type { Envelope } from './envelope.js'
import type { Json, JsonObject } from './json.js'

/** A text that approvers are shown: where it is in the envelope (a JSON Pointer), and the names on the way to it. */
export interface ShownText {
  readonly pointer: string
  /** Names that the agent chose; empty where all are ours. */
  readonly keys: string
  readonly text: string
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

export function isCut({ text, keys }: Pick<ShownText, 'text' | 'keys'>): boolean {
  return [...text].length > shownOfText.head + shownOfText.tail || [...keys].length > shownOfKeys
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
  const { chain, request } = envelope
  const { context, plan } = request
  const steps = envelope.steps.map((step, index) => {
    const pointer = `/steps/${index}`
    return { step, pointer, ...leavesOf(step.args, `${pointer}/args`) }
  })
  const named: [string, string | null | undefined][] = [
    ['/chain/agent', chain.agent],
    ['/chain/on_behalf_of', chain.on_behalf_of],
    ...steps.map(({ step, pointer }): [string, string] => [`${pointer}/resource`, step.resource]),
    ...steps.map(({ step, pointer }): [string, string | undefined] => [`${pointer}/summary`, step.summary]),
    ...(envelope.done ?? []).map(({ resource }, index): [string, string] => [`/done/${index}/resource`, resource]),
    ['/explanation', envelope.explanation],
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
      ...steps.flatMap(({ step, pointer }) =>
        (step.changes ?? []).flatMap((change, place) => changedTexts(change, `${pointer}/changes/${place}`)),
      ),
      ...(envelope.amendments ?? []).flatMap(({ reason, changes }, index) => [
        { pointer: `/amendments/${index}/reason`, keys: '', text: reason },
        ...changes.flatMap(({ before }, place) =>
          before === undefined ? [] : [textOf(before, `/amendments/${index}/changes/${place}/before`)],
        ),
      ]),
      ...named.flatMap(([pointer, text]) => (text ? [{ pointer, keys: '', text }] : [])),
    ],
    hidden: steps.flatMap(({ pointer, left }) => (left > 0 ? [{ pointer: `${pointer}/args`, count: left }] : [])),
  }
}

function changedTexts({ before, after }: Pick<Change, 'before' | 'after'>, pointer: string): ShownText[] {
  return Object.entries({ before, after }).flatMap(([side, value]) =>
    value === undefined ? [] : [textOf(value, `${pointer}/${side}`)],
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
