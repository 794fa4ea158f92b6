/** What the page shows, by the path under `/inbox`. */
export type Place =
  | {
      readonly screen:
        | 'waiting'
        | 'decided'
        | 'attention'
        | 'reviews'
        | 'agents'
        | 'passkeys'
        | 'sign-in'
        | 'link-slack'
    }
  | { readonly screen: 'approval' | 'attention-case'; readonly id: string }
  | { readonly screen: 'nowhere' }

const lists = ['decided', 'attention', 'reviews', 'agents', 'passkeys', 'sign-in', 'link-slack'] as const

export function placeOf(path: string): Place {
  const [screen, id, ...more] = path
    .replace(/^\/inbox\/?/, '')
    .split('/')
    .filter(Boolean)
  if (screen === undefined) return { screen: 'waiting' }
  if (more.length > 0) return { screen: 'nowhere' }
  if (id !== undefined && screen === 'approvals') return { screen: 'approval', id: named(id) }
  if (id !== undefined && screen === 'attention') return { screen: 'attention-case', id: named(id) }
  const list = lists.find((each) => each === screen)
  return list && id === undefined ? { screen: list } : { screen: 'nowhere' }
}

export function pathOfApproval(id: string): string {
  return `/inbox/approvals/${encodeURIComponent(id)}`
}

export function pathOfAttention(id: string): string {
  return `/inbox/attention/${encodeURIComponent(id)}`
}

function named(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
