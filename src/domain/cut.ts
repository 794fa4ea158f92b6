import { at, isObject, type Json, type JsonObject } from './json.js'
import type { Cut, RowScope, View } from './view.js'

/** Whose eyes an output is for. */
export interface Reader {
  readonly agent: string
  readonly on_behalf_of: string | null
  readonly groups: readonly string[]
}

/** What a view still lets through below a place: everything, or what these rests of its pointers lead to. */
interface Grant {
  readonly rows: readonly RowScope[]
  readonly rests: 'all' | readonly (readonly string[])[]
}

interface Taken {
  readonly fields: Set<string>
  readonly rows: Map<string, number>
}

/**
 * What a reader sees of an output: of each group's view the fields, in the rows that are theirs, together. Somebody in
 * none of the groups sees nothing.
 */
export function cutOutput(
  output: JsonObject,
  views: Readonly<Record<string, View>>,
  reader: Reader,
): { readonly output: JsonObject; readonly cut: Cut | null } {
  const grants = Object.entries(views)
    .filter(([group]) => reader.groups.includes(group))
    .map(([, { fields, rows = [] }]): Grant => ({ rows, rests: restsOf(fields.map(tokensOf)) }))
  const taken: Taken = { fields: new Set(), rows: new Map() }
  const theirs = inScope(grants, '', output, reader)
  const seen = theirs.length > 0 ? keep(output, '', theirs, reader, taken) : undefined
  if (grants.length > 0 && theirs.length === 0) taken.rows.set('', 1)
  else if (seen === undefined) for (const name of Object.keys(output)) taken.fields.add(`/${escapeToken(name)}`)
  const cut = { fields: [...taken.fields].sort(), rows: Object.fromEntries([...taken.rows].sort()) }
  return {
    output: isObject(seen) ? (seen as JsonObject) : {},
    cut: cut.fields.length + taken.rows.size > 0 ? cut : null,
  }
}

function keep(value: Json, path: string, grants: readonly Grant[], reader: Reader, taken: Taken): Json | undefined {
  const whole = grants.some(({ rests, rows }) => rests === 'all' && rows.length === 0)
  if (whole) return value
  if (Array.isArray(value)) return keepRows(value, `${path}/*`, path, grants, reader, taken)
  if (isObject(value)) {
    const kept: [string, Json][] = []
    for (const [name, member] of Object.entries(value as JsonObject)) {
      const below = `${path}/${escapeToken(name)}`
      const seen = keepBelow(member, below, name, grants, reader, taken)
      if (seen !== undefined) kept.push([name, seen])
    }
    return Object.fromEntries(kept)
  }
  if (grants.some(({ rests }) => rests === 'all')) return value
  taken.fields.add(path)
  return undefined
}

function keepBelow(
  value: Json,
  path: string,
  token: string,
  grants: readonly Grant[],
  reader: Reader,
  taken: Taken,
): Json | undefined {
  const below = advance(grants, token)
  if (below.length > 0) return keep(value, path, below, reader, taken)
  taken.fields.add(path)
  return undefined
}

function keepRows(
  list: readonly Json[],
  path: string,
  at: string,
  grants: readonly Grant[],
  reader: Reader,
  taken: Taken,
): Json | undefined {
  const below = advance(grants, '*')
  if (below.length === 0) {
    taken.fields.add(at)
    return undefined
  }
  const kept: Json[] = []
  for (const row of list) {
    const theirs = inScope(below, at, row, reader)
    const seen = theirs.length > 0 ? keep(row, path, theirs, reader, taken) : undefined
    if (theirs.length === 0) taken.rows.set(at, (taken.rows.get(at) ?? 0) + 1)
    else if (seen !== undefined) kept.push(seen)
  }
  return kept
}

/** The grants of the views that count this row among the reader's. */
function inScope(grants: readonly Grant[], list: string, row: Json, reader: Reader): Grant[] {
  return grants.filter(({ rows }) =>
    rows.every((scope) => scope.at !== list || belongs(at(row, scope.field), scope.equals, reader)),
  )
}

function belongs(found: Json | undefined, equals: RowScope['equals'], reader: Reader): boolean {
  const wanted = equals === '$agent' ? reader.agent : equals === '$on_behalf_of' ? reader.on_behalf_of : equals
  return wanted !== null && found === wanted
}

function advance(grants: readonly Grant[], token: string): Grant[] {
  return grants.flatMap(({ rows, rests }): Grant[] => {
    if (rests === 'all') return [{ rows, rests }]
    const below = rests.filter(([first]) => first === token).map((rest) => rest.slice(1))
    return below.length > 0 ? [{ rows, rests: restsOf(below) }] : []
  })
}

function restsOf(rests: readonly (readonly string[])[]): Grant['rests'] {
  return rests.some((rest) => rest.length === 0) ? 'all' : rests
}

/** The parts of a JSON Pointer. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
