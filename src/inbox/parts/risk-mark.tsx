import type { Risk } from '../../domain/contract.js'

const shapes: Readonly<Record<Risk, string>> = {
  low: 'M8 2.2a5.8 5.8 0 1 1 0 11.6a5.8 5.8 0 1 1 0-11.6z',
  medium: 'M8 1.2L14.8 8L8 14.8L1.2 8z',
  high: 'M8 1.4L15.2 14.2H0.8z',
  critical: 'M5 0.8h6L15.2 5v6L11 15.2H5L0.8 11V5z',
}

const words: Readonly<Record<Risk, string>> = {
  low: 'Low risk',
  medium: 'Medium risk',
  high: 'High risk',
  critical: 'Critical risk',
}

/** The risk by its word and by a shape; the colour only repeats them. */
export function RiskMark({ risk }: { readonly risk: Risk }) {
  return (
    <span class={`risk risk-${risk}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={shapes[risk]} />
        {(risk === 'high' || risk === 'critical') && <path class="risk-bang" d="M8 5.2v4.2M8 11.6v.4" />}
      </svg>
      {words[risk]}
    </span>
  )
}
