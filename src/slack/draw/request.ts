import { tellMoney } from '../../domain/money.js'
import type { Rendering } from '../../domain/rendered.js'
import { tellAsking } from './asking.js'
import { listed, some } from './lists.js'
import { mostAmendments, type Room } from './room.js'
import { tellDone, tellReach, tellStep } from './steps.js'
import { type Block, clip, isolated, lines, type Piece, quoted } from './texts.js'
import { tell, tellArgument, tellChange, tellQuote, tellWords, wholeOf } from './values.js'

/** Amount and target, in a few words: `$900.00 - Invoice in_900`. */
export function subjectOf({ amount, target }: Rendering, most: number): string {
  return [...(amount ? [tellMoney(amount)] : []), isolated(clip(target.text, most))].join(' - ')
}

/** What is asked for, in short. */
export function drawAsked({ headline, steps }: Rendering, room: Room): Block {
  const [only] = steps
  return lines([
    [tellWords(headline, room)],
    ...(only && steps.length === 1 && !room.close ? [[tellReach(only, room)]] : []),
  ])
}

/** What is to happen to what, what changes, and with which arguments. */
export function drawWhat(rendering: Rendering, room: Room): Block[] {
  const { steps, flags, moved, amendments, done, amount, target, risk } = rendering
  const several = steps.length > 1
  const of = (step: string, pieces: Piece[]): Piece[] => (several ? [`${step} `, ...pieces] : pieces)
  const args = steps.flatMap((step) => step.args.map((each) => of(step.id, tellArgument(each, room))))
  const shown = args.slice(0, room.arguments)
  const left = args.length - shown.length + steps.reduce((sum, { hidden }) => sum + hidden, 0)
  const points = (title: string, all: readonly Piece[][]) => some(room, title, all)
  return [
    ...points(
      'Look closely',
      flags.map(({ name, says }) => [isolated(clip(`${name}: ${says}`, room.value))]),
    ),
    drawAsked(rendering, room),
    ...(room.close
      ? [
          lines([
            ...(amount ? [[{ bold: 'Amount ' }, tellMoney(amount)]] : []),
            [{ bold: 'Target ' }, tell(target, room)],
            [{ bold: 'Risk ' }, risk],
          ]),
        ]
      : []),
    ...(several || room.close
      ? points(
          several ? 'Steps' : 'Step',
          steps.map((step) => tellStep(step, room)),
        )
      : []),
    ...points(
      'What changes',
      steps.flatMap((step) => step.changes.map((each) => of(step.id, tellChange(each, room)))),
    ),
    ...points(
      'Moved since it was decided before',
      moved.map(({ step, ...each }) => [`${step} `, ...tellChange(each, room)]),
    ),
    ...amendments
      .slice(-mostAmendments)
      .flatMap(({ step, amended_by, reason, changes }) =>
        points(`Changed by ${isolated(amended_by)} in ${step}`, [
          ...changes.map((each) => tellChange(each, room)),
          [`They say why: ${tellQuote(reason, room)}`],
        ]),
      ),
    ...listed('With', shown),
    ...(left > 0 ? [lines([[{ bold: `${left} more arguments are not shown here.` }]])] : []),
    ...points(
      'Done already',
      done.map((step) => tellDone(step, room)),
    ),
  ]
}

/** For whom, and why: who asks, what it belongs to, and the agent's own words, which nobody verified. */
export function drawWhy({ asks, binding, policy, said, asked_before }: Rendering, room: Room): Block[] {
  return [
    lines([
      [{ bold: 'Asked by ' }, clip(tellAsking(asks), room.words)],
      [
        { bold: 'For ' },
        binding.map(({ kind, id }) => `${kind} ${tell(id, room)}`).join(', ') || 'nothing in particular',
      ],
      [{ bold: 'People are asked because ' }, isolated(clip(policy.says, room.words))],
    ]),
    ...some(
      room,
      'The same was rejected before',
      asked_before.map(({ action_id, at, explanation }) => [`${action_id}, ${at}: ${tellQuote(explanation, room)}`]),
    ),
    ...said.map(({ kind, text }) =>
      quoted(`The agent's own words (${kind}), which nobody verified${wholeOf(text.cut)}`, clip(text.text, room.words)),
    ),
  ]
}
