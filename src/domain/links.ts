/** Addresses with `{id}` in them, by what the id is of. */
export type Links = Readonly<Partial<Record<'ticket' | 'incident' | 'user', string>>>

/** The address of one thing; null where there is no id, or no address. An id cannot lead anywhere else. */
export function linkTo(address: string | undefined, id: string | undefined): string | null {
  return address === undefined || id === undefined ? null : address.replaceAll('{id}', encodeURIComponent(id))
}
