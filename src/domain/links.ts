/** Addresses with `{id}` in them, by what the id is of. */
export type Links = Readonly<Partial<Record<'ticket' | 'incident' | 'user', string>>>

/** What a path takes for itself, or for what is above it, however it is written. */
const steps = new Set(['.', '..'])

/** The address of one thing; null where there is no id, or no address. An id cannot lead anywhere else. */
export function linkTo(address: string | undefined, id: string | undefined): string | null {
  if (address === undefined || id === undefined || steps.has(id)) return null
  return address.replaceAll('{id}', encodeURIComponent(id))
}
