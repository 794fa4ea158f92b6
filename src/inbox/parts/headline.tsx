import { readRendering } from '../../domain/rendering.js'
import type { Approval } from '../api/views.js'
import { ShownText } from './shown.js'

/** What happens to what, in one line. */
export function Headline({ approval }: { readonly approval: Approval }) {
  const rendering = readRendering(approval.rendering)
  if (rendering) return <ShownText shown={rendering.headline} />
  return <>An older request about {approval.target}</>
}
