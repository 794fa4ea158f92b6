import type { RenderedChange } from '../../domain/rendered.js'
import { ShownOrNothing, ShownText } from './shown.js'

interface ChangesTableProps {
  readonly caption: string
  readonly changes: readonly RenderedChange[]
}

/** Before and after, side by side. */
export function ChangesTable({ caption, changes }: ChangesTableProps) {
  return (
    <table class="changes">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change, index) => (
          <tr key={index}>
            <th scope="row">
              <ShownText shown={change.name} />
            </th>
            <td class="before" data-name="Before">
              <ShownOrNothing shown={change.before} />
            </td>
            <td class="after" data-name="After">
              <ShownOrNothing shown={change.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
