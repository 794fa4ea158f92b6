import type { Measure } from '../../domain/budget.js'
import type { Rendering } from '../../domain/rendered.js'
import type { Approval } from '../api/views.js'
import { tellDuration } from '../words.js'

/** The plan's own bounds, and what is left of the budgets it draws on. */
export function Limits({ bounds, budgets }: Pick<Rendering, 'bounds'> & Pick<Approval, 'budgets'>) {
  if (bounds.length === 0 && !budgets?.length) return null
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">Limits</h2>
      {bounds.length > 0 && (
        <p>
          The plan may use at most{' '}
          {bounds
            .map(({ name, limit }) => `${told(name, limit)} ${name.replace(/_cents$/, '').replaceAll('_', ' ')}`)
            .join(', ')}
          .
        </p>
      )}
      {budgets && budgets.length > 0 && (
        <table class="budgets">
          <caption>What is left of the budgets it draws on</caption>
          <thead>
            <tr>
              <th scope="col">Budget</th>
              <th scope="col">Used</th>
              <th scope="col">Left</th>
            </tr>
          </thead>
          <tbody>
            {/* Of one budget there may be several rows that only their currency tells apart, which is not said. */}
            {budgets.map((budget, index) => (
              <tr key={index}>
                <th scope="row">
                  {budget.name}, of {budget.scope}: {measures[budget.of]} in {tellDuration(budget.window_ms)}
                </th>
                <td data-name="Used">
                  {told(budget.of, budget.used)} of {told(budget.of, budget.limit)}
                </td>
                <td data-name="Left">
                  <meter min={0} max={budget.limit} value={budget.left} aria-label={`left of ${budget.name}`} />{' '}
                  {told(budget.of, budget.left)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const measures: Readonly<Record<Measure, string>> = {
  calls: 'calls',
  writes: 'changes',
  spend_cents: 'money spent',
  reported_tokens: 'tokens, as the agent reports them',
  reported_cost_cents: 'money for the model, as the agent reports it',
}

/** Hundredths as units; which currency, the budget does not say. */
function told(measure: string, value: number): string {
  const places = measure.endsWith('_cents') ? 2 : 0
  return (value / 10 ** places).toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
}
