import { printable } from '../../domain/printable.js'

/** Fields and values of an object, as plain text in which nothing can act or hide. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  return (
    <dl class="pairs facts-list">
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi class="theirs">{printable(name)}</bdi>
          </dt>
          <dd>
            <bdi class="theirs">{plain(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function plain(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'))
}
