import { tellMoney } from '../../domain/money.js'
import type { RenderedStep, Rendering } from '../../domain/rendered.js'
import { tellUndo } from '../../domain/tell-undo.js'
import type { Room } from './room.js'
import { isolated, type Piece } from './texts.js'
import { tell } from './values.js'

/** One of several steps; where there is room to look closely, with tool and title, which every step is told with then. */
export function tellStep(step: RenderedStep, room: Room): Piece[] {
  const { id, tool, version, title, summary, amount, risk } = step
  const what = room.close
    ? [`${isolated(title)} (${tool} v${version})`, tell(summary, room), ...(amount ? [tellMoney(amount)] : [])].join(
        ': ',
      )
    : tell(summary, room)
  return [{ bold: id }, `: ${what}. ${tellReach(step, room)}, ${risk} risk, ${tellUndo([step])}`]
}

/** `On Invoice in_1, touches 3 objects at most`. */
export function tellReach({ resource, touches }: RenderedStep, room: Room): string {
  return [`On ${tellResource(resource, room)}`, ...tellTouches(touches)].join(', ')
}

/** What is done already, and not asked for again. */
export function tellDone({ id, title, tool, version, resource }: Rendering['done'][number], room: Room): Piece[] {
  return [{ bold: id }, `: ${isolated(title)} (${tool} v${version}) on ${tellResource(resource, room)}`]
}

/** Whether all steps can be undone, and how much they touch together; for where there is no room for each. */
export function tellTogether({ steps }: Pick<Rendering, 'steps'>): string {
  const counted = steps.flatMap(({ touches }) => touches ?? [])
  const uncounted = steps.length - counted.length
  const touches = counted.length > 0 ? tellTouches(counted.reduce((sum, each) => sum + each, 0)) : []
  const rest = touches.length > 0 && uncounted > 0 ? `, but for ${uncounted} of ${steps.length} steps` : ''
  return [tellUndo(steps), ...touches.map((each) => `${each}${rest}`)].join(', ')
}

function tellTouches(touches: number | null): string[] {
  return touches === null ? [] : [`touches ${touches} ${touches === 1 ? 'object' : 'objects'} at most`]
}

function tellResource({ type, id }: RenderedStep['resource'], room: Room): string {
  return id.text === '' ? type : `${type} ${tell(id, room)}`
}
