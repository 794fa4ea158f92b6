import type { Rendering } from '../../domain/rendered.js'

/** What each answer leads to, and none. */
export function WhatThen({ then }: Pick<Rendering, 'then'>) {
  return (
    <section aria-labelledby="then">
      <h2 id="then">What happens then</h2>
      <dl class="pairs">
        <dt>If approved</dt>
        <dd>{then.approve}</dd>
        <dt>If rejected</dt>
        <dd>{then.reject}</dd>
        <dt>If nobody decides</dt>
        <dd>{then.silence}</dd>
      </dl>
    </section>
  )
}
