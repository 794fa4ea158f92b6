import { Fragment } from 'preact'
import type { Rendering } from '../../domain/rendered.js'
import { Moment } from './clock.js'

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
        <dd>
          <WithMoments text={then.silence} />
        </dd>
      </dl>
    </section>
  )
}

const moments = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/

/** Words of ours, the times in them drawn as all times are. */
function WithMoments({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(moments).map((part, index) => (
        // Every other part is what the pattern found.
        <Fragment key={index}>{index % 2 === 1 ? <Moment at={part} /> : part}</Fragment>
      ))}
    </>
  )
}
