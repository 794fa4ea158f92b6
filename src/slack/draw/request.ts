import { tellMoney } from '../../domain/money.js'
import type { RenderedChange, Rendering, Shown } from '../../domain/rendered.js'
import { type Block, clip, lines, list, type Piece, quoted } from './texts.js'

/** How much of a request a drawing may show. */
export interface Room {
  readonly arguments: number
  /** Characters of one value. */
  readonly value: number
  /** Characters of what somebody says. */
  readonly words: number
  /** Characters of all arguments together. */
  readonly all: number
  /** Points of any one list. */
  readonly points: number
}

/** In a message, which is read in passing. */
export const messageRoom: Room = { arguments: 12, value: 150, words: 600, all: 1_500, points: 15 }

/** In a modal, which shows everything that fits at all. */
export const modalRoom: Room = { arguments: 150, value: 2_500, words: 2_500, all: 20_000, points: 100 }

const pointsPerBlock = 40
const mostAmendments = 3

/** Whether everything that would happen is shown as it is, nothing left out or shortened. */
export function isWhole({ steps, moved, amendments, flags, done }: Rendering, room: Room): boolean {
  const args = steps.flatMap((step) => step.args)
  const changes = [...steps, ...amendments].flatMap((each) => each.changes).concat(moved)
  const shown = [
    ...args.flatMap(({ name, value }) => [name, value]),
    ...changes.flatMap(({ name, before, after }) => [name, before, after]),
    ...steps.map(({ resource }) => resource.id),
  ].filter((each) => each !== null)
  return (
    args.length <= room.arguments &&
    amendments.length <= mostAmendments &&
    [steps, changes, flags, done].every(({ length }) => length <= room.points) &&
    steps.every(({ hidden }) => hidden === 0) &&
    shown.every(({ text, cut }) => cut === undefined && text.length <= room.value) &&
    shown.reduce((sum, { text }) => sum + text.length, 0) <= room.all
  )
}

/** Amount and target, in a few words: `$900.00 - Invoice in_900`. */
export function subjectOf({ amount, target }: Rendering): string {
  return [...(amount ? [tellMoney(amount)] : []), target.text].join(' - ')
}

/** What is to happen to what, what changes, and with which arguments. */
export function drawWhat(rendering: Rendering, room: Room): Block[] {
  const { headline, steps, flags, moved, amendments, done } = rendering
  const several = steps.length > 1
  const args = steps.flatMap((step) => step.args.map((each) => ({ step: step.id, ...each })))
  const shown = args.slice(0, room.arguments)
  const left = args.length - shown.length + steps.reduce((sum, { hidden }) => sum + hidden, 0)
  return [
    ...some(
      room,
      'Look closely',
      flags.map(({ says }) => [clip(says, room.value)]),
    ),
    lines([[clip(headline.text, room.words)]]),
    ...(several
      ? some(
          room,
          'Steps',
          steps.map(({ id, summary }) => [`${id}: `, clip(summary.text, room.value)]),
        )
      : []),
    ...some(
      room,
      'What changes',
      steps.flatMap((step) => step.changes.map((each) => tellChange(each, room))),
    ),
    ...some(
      room,
      'Moved since it was decided before',
      moved.map((each) => tellChange(each, room)),
    ),
    ...amendments.slice(-mostAmendments).flatMap(({ step, amended_by, reason, changes }) =>
      some(
        room,
        `Changed by ${amended_by} in ${step}: ${clip(reason.text, room.value)}`,
        changes.map((each) => tellChange(each, room)),
      ),
    ),
    ...listed(
      'With',
      shown.map(({ step, name, value, type }) => [
        ...(several ? [`${step} `] : []),
        { bold: clip(name.text, room.value) },
        `: ${tell(value, room)}${type === 'string' ? '' : ` (${type})`}`,
      ]),
    ),
    ...(left > 0 ? [lines([[{ bold: `${left} more arguments are not shown here.` }]])] : []),
    ...some(
      room,
      'Done already',
      done.map(({ id, title, resource }) => [`${id}: ${title}, ${resource.type} ${tell(resource.id, room)}`]),
    ),
  ]
}

/** For whom, and why: who asks, what it belongs to, and the agent's own words, which nobody verified. */
export function drawWhy({ asks, binding, policy, said, asked_before }: Rendering, room: Room): Block[] {
  const through = asks.actors.map((actor) => ` through ${actor}`).join('')
  const by = `${asks.agent}${asks.owner ? ` (of ${asks.owner})` : ''}${asks.on_behalf_of ? `, on behalf of ${asks.on_behalf_of}` : ''}${through}`
  return [
    lines([
      [{ bold: 'Asked by ' }, clip(by, room.words)],
      [
        { bold: 'For ' },
        binding.map(({ kind, id }) => `${kind} ${tell(id, room)}`).join(', ') || 'nothing in particular',
      ],
      [{ bold: 'People are asked because ' }, clip(policy.says, room.words)],
    ]),
    ...some(
      room,
      'The same was rejected before',
      asked_before.map(({ action_id, at, explanation }) => [`${action_id}, ${at}: ${tell(explanation, room)}`]),
    ),
    ...said.map(({ kind, text }) =>
      quoted(`The agent's own words (${kind}), which nobody verified`, clip(text.text, room.words)),
    ),
  ]
}

/** As many points as there is room for, and how many more there are. */
function some(room: Room, title: string, points: readonly (readonly Piece[])[]): Block[] {
  const left = points.length - room.points
  if (left <= 0) return listed(title, points)
  return listed(title, [...points.slice(0, room.points), [{ bold: `${left} more, which are not shown here` }]])
}

/** Nothing where there is nothing to list; in several blocks where there is much. */
export function listed(title: string, points: readonly (readonly Piece[])[]): Block[] {
  const blocks: Block[] = []
  for (let from = 0; from < points.length; from += pointsPerBlock)
    blocks.push(list(from === 0 ? title : `${title}, continued`, points.slice(from, from + pointsPerBlock)))
  return blocks
}

function tellChange({ name, before, after, only }: RenderedChange, room: Room): Piece[] {
  const now = only === 'after' ? '' : tell(before, room)
  const then = only === 'before' ? '' : `\u2192 ${tell(after, room)}`
  return [{ bold: clip(name.text, room.value) }, `: ${[now, then].filter(Boolean).join(' ')}`]
}

function tell(shown: Shown | null, room: Room): string {
  return shown === null ? '(nothing)' : clip(shown.text, room.value)
}
