import type { Room } from './room.js'
import { type Block, list, type Piece } from './texts.js'

const pointsPerBlock = 40

/** As many points as there is room for, and how many more there are. */
export function some(room: Room, title: string, points: readonly (readonly Piece[])[]): Block[] {
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
