import { drawLines } from '../../src/domain/draw-rendering.js'
import { readRendering } from '../../src/domain/rendering.js'

/** A sealed rendering as the terminal shows it. Throws where it is none. */
export function drawn(text: string): string {
  const rendering = readRendering(text)
  if (!rendering) throw new Error(`no rendering: ${text}`)
  return drawLines(rendering).join('\n')
}
