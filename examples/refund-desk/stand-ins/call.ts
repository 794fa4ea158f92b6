import type { IncomingHttpHeaders } from 'node:http'

/** One request as an endpoint sees it. `fields` is flat: `metadata[invoice_id]`, `fields[labels][0]`. */
export interface Call {
  method: string
  path: string
  /** The route's own name, for example `POST /v1/refunds/:id/cancel`. */
  route: string
  /** What the `:names` in the route stand for. */
  names: Readonly<Record<string, string>>
  fields: ReadonlyMap<string, string>
  json: unknown
  headers: IncomingHttpHeaders
  at: Date
}

/** Flattens plain data to bracketed names, the way HTML forms write nesting. */
export function flatten(value: unknown, name = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into
  if (typeof value !== 'object') return into.set(name, String(value))
  for (const [key, inner] of Object.entries(value)) flatten(inner, name === '' ? key : `${name}[${key}]`, into)
  return into
}

/** Reads the query and the body into flat fields; throws a `SyntaxError` when a JSON body is not JSON. */
export function readFields(
  url: URL,
  body: string,
  contentType: string | undefined,
): { fields: ReadonlyMap<string, string>; json: unknown } {
  const fields = new Map(url.searchParams)
  if (body === '') return { fields, json: undefined }
  if (contentType?.includes('json')) {
    const json: unknown = JSON.parse(body)
    return { fields: flatten(json, '', fields), json }
  }
  for (const [name, value] of new URLSearchParams(body)) fields.set(name, value)
  return { fields, json: undefined }
}

/** The header's first value. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
