import type { Rendering } from '../../domain/rendered.js'
import { tellBounds, tellMeasure, tellMeasured, tellWindow } from '../../domain/tell-budget.js'
import type { Approval } from '../api/views.js'

/** The plan's own bounds, and what is left of the budgets it draws on. */
export function Limits({ bounds, budgets }: Pick<Rendering, 'bounds'> & Pick<Approval, 'budgets'>) {
  if (bounds.length === 0 && !budgets?.length) return null
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">Limits</h2>
      {bounds.length > 0 && <p>The plan limits itself: {tellBounds(bounds)}.</p>}
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
            {budgets.map((budget, index) => (
              <tr key={index}>
                <th scope="row">
                  {budget.name}, of {budget.scope}: {tellMeasure(budget.of)} in {tellWindow(budget.window_ms)}
                </th>
                <td data-name="Used">
                  {tellMeasured(budget.of, budget.used, budget.currency)} of{' '}
                  {tellMeasured(budget.of, budget.limit, budget.currency)}
                </td>
                <td data-name="Left">
                  <meter min={0} max={budget.limit} value={budget.left} aria-label={`left of ${budget.name}`} />{' '}
                  {tellMeasured(budget.of, budget.left, budget.currency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
