import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { type Place, placeOf } from './address.js'

interface Navigation {
  readonly place: Place
  readonly path: string
  readonly go: (path: string) => void
}

const Here = createContext<Navigation>({ place: { screen: 'nowhere' }, path: '', go: () => undefined })

/** Moves between the screens without loading the page anew. */
export function NavigationProvider({ children }: { readonly children: ComponentChildren }) {
  const [path, setPath] = useState(location.pathname)
  const go = useCallback((to: string) => {
    history.pushState(null, '', to)
    setPath(location.pathname)
    scrollTo(0, 0)
  }, [])
  useEffect(() => {
    const moved = () => setPath(location.pathname)
    addEventListener('popstate', moved)
    return () => removeEventListener('popstate', moved)
  }, [])
  const value = useMemo(() => ({ place: placeOf(path), path, go }), [path, go])
  return <Here.Provider value={value}>{children}</Here.Provider>
}

export function useNavigation(): Navigation {
  return useContext(Here)
}

interface LinkProps {
  readonly to: string
  readonly class?: string
  readonly current?: boolean
  readonly children: ComponentChildren
}

/** A link within the page. With a modifier, or another button, it stays the browser's. */
export function Link({ to, current, children, class: name }: LinkProps) {
  const { go } = useNavigation()
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={to} onClick={follow} class={name} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  )
}
