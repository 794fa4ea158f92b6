import type { Rendering, Shown } from '../../domain/rendered.js'
import { tellAsking } from './asking.js'

/** How much of a request a drawing may show. */
export interface Room {
  /** Whether it is for looking closely: every step is told with tool and title then. */
  readonly close: boolean
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
export const messageRoom: Room = { close: false, arguments: 12, value: 150, words: 600, all: 1_500, points: 15 }

/** In a modal, which shows everything that fits at all. */
export const modalRoom: Room = { close: true, arguments: 150, value: 2_500, words: 2_500, all: 20_000, points: 100 }

/** Of how many amendments the drawing tells: the last ones. */
export const mostAmendments = 3

/** Whether all that people are told is shown as it is, nothing left out or shortened. */
export function isWhole(rendering: Rendering, room: Room): boolean {
  const { steps, moved, amendments, flags, done, asked_before, binding, headline, target, policy, said } = rendering
  const args = steps.flatMap((step) => step.args)
  const changes = [...steps, ...amendments].flatMap((each) => each.changes).concat(moved)
  const counted = [
    ...args.flatMap(({ name, value }) => [name, value]),
    ...changes.flatMap(({ name, before, after }) => [name, before, after]),
    ...steps.map(({ resource }) => resource.id),
  ].filter((each) => each !== null)
  const summaries = room.close || steps.length > 1 ? steps.map(({ summary }) => summary) : []
  const values: readonly Shown[] = [
    ...counted,
    ...summaries,
    target,
    ...done.map(({ resource }) => resource.id),
    ...amendments.map(({ reason }) => reason),
    ...binding.map(({ id }) => id),
    ...asked_before.map(({ explanation }) => explanation),
    ...flags.map(({ name, says }) => ({ text: `${name}: ${says}` })),
  ]
  const asking = { text: tellAsking(rendering.asks) }
  const words: readonly Shown[] = [headline, { text: policy.says }, asking, ...said.map(({ text }) => text)]
  return (
    args.length <= room.arguments &&
    amendments.length <= mostAmendments &&
    // One point more says why.
    amendments.every((each) => each.changes.length < room.points) &&
    [steps, changes, flags, done, asked_before].every(({ length }) => length <= room.points) &&
    steps.every(({ hidden }) => hidden === 0) &&
    [...values, ...words].every(({ cut }) => cut === undefined) &&
    values.every(({ text }) => text.length <= room.value) &&
    words.every(({ text }) => text.length <= room.words) &&
    counted.reduce((sum, { text }) => sum + text.length, 0) <= room.all
  )
}
