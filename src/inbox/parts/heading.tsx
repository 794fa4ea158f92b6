import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** The heading of a screen: it gets the focus when the screen comes up, so that it is read out and Tab goes on from it. */
export function Heading({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  const element = useRef<HTMLHeadingElement>(null)
  useEffect(() => element.current?.focus({ preventScroll: true }), [])
  return (
    <h1 ref={element} tabIndex={-1}>
      {children ?? title}
    </h1>
  )
}
