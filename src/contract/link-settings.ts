import type { Links } from '../domain/links.js'

const kinds = ['ticket', 'incident', 'user']

/** What is wrong with the settings, each in one line. */
export function linkProblems(settings: Links = {}): string[] {
  return Object.entries(settings).flatMap(([kind, address]) => {
    if (!kinds.includes(kind)) return [`links.${kind}: links are of ${kinds.join(', ')}`]
    return isAddress(address)
      ? []
      : [`links.${kind}: a web address with {id} after its host, as https://desk.example/{id}`]
  })
}

function isAddress(address: string): boolean {
  // An id decides neither whom people turn to, nor by which scheme.
  if (!/^https?:\/\/[^/{}?#\s]+[/?#](?:[^{}\s]*\{id\})+[^{}\s]*$/.test(address)) return false
  return URL.canParse(address.replaceAll('{id}', 'id'))
}
