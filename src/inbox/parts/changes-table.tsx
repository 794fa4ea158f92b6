import type { RenderedChange } from '../../domain/rendered.js'
import { ShownText, ShownValueOrNothing } from './shown.js'

interface ChangesTableProps {
  readonly caption: string
  /** Each with its step, where it could be one of several. */
  readonly changes: readonly (RenderedChange & { readonly step?: string })[]
}

/** Before and after, side by side; over both what has no other side. */
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
              {change.step !== undefined && (
                <>
                  <span class="code">{change.step}</span>{' '}
                </>
              )}
              <ShownText shown={change.name} />
            </th>
            {change.only !== 'after' && (
              <td
                class={change.only ? 'fact' : 'before'}
                data-name={change.only ? 'As it is' : 'Before'}
                colSpan={change.only ? 2 : 1}
              >
                <ShownValueOrNothing shown={change.before} />
              </td>
            )}
            {change.only !== 'before' && (
              <td class="after" data-name={change.only ? 'As it is to be' : 'After'} colSpan={change.only ? 2 : 1}>
                <ShownValueOrNothing shown={change.after} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
