import type { Contract, JsonSchema, Pointer } from '../domain/contract.js'
import { isObject } from '../domain/json.js'
import { printable } from '../domain/printable.js'
import { type Placeholder, placeholdersOf, wordsOf } from '../domain/summary.js'
import { reached } from './reached.js'

interface Sides {
  readonly before?: Pointer | undefined
  readonly after?: Pointer | undefined
  readonly currency?: string | null | undefined
}

const longestSummary = 200
const longestLabel = 60
const mostShown = 20

/** What is wrong with what a contract lets people read: a place that leads nowhere would show them nothing. */
export function summaryProblems(contract: Contract): string[] {
  const { summary, shows = [], input, observe, effect } = contract
  const problems: string[] = []
  if (summary !== undefined) {
    if (!isLine(summary, longestSummary))
      problems.push(`the summary is one line of ${longestSummary} characters at most`)
    if (/[{}]/.test(wordsOf(summary))) problems.push('the summary has a brace that is no place such as {/args/id}')
    problems.push(...placeholdersOf(summary).flatMap((place) => strayPlace(place, 'args', input, 'the summary')))
  }
  if (shows.length > 0 && effect === 'none') problems.push('a tool that only reads has nothing to show as changed')
  if (shows.length > mostShown) problems.push(`shows has ${mostShown} lines at most`)
  for (const { label, before, after, currency, ...more } of shows) {
    const what = `shows ${label}`
    if (!isLine(label, longestLabel) || label === '')
      problems.push(`shows: a label is one line of ${longestLabel} characters at most`)
    if (before === undefined && after === undefined) problems.push(`${what}: takes before, after, or both`)
    if (Object.keys(more).length > 0) problems.push(`${what}: takes label, before, after and currency`)
    if (currency !== undefined && !/^[a-z]{3}$/.test(currency)) problems.push(`${what}: a currency is like usd`)
    problems.push(...sidesOf({ before, after, currency }).flatMap((place) => strayPlace(place, 'args', input, what)))
  }
  const observed = pointersOf(contract).some(({ pointer }) => pointer.startsWith('/observed/'))
  return observed && !observe ? [...problems, 'a summary, or shows, of what is observed needs observe'] : problems
}

/** What of it the observing tool does not give; the two meet in a configuration. */
export function unobservedInSummary(contract: Contract, observing: Contract): string[] {
  return pointersOf(contract).flatMap((place) =>
    strayPlace(place, 'observed', observing.output, `shown to people, of what ${observing.name} gives`),
  )
}

function pointersOf({ summary = '', shows = [] }: Pick<Contract, 'summary' | 'shows'>): Placeholder[] {
  return [...placeholdersOf(summary), ...shows.flatMap(sidesOf)]
}

function sidesOf({ before, after, currency = null }: Sides): Placeholder[] {
  return [before, after].flatMap((pointer) => (pointer === undefined ? [] : [{ pointer, currency }]))
}

/** Why a place leads to nothing in the document that its pointer names, or to no amount; those of another are left. */
function strayPlace({ pointer, currency }: Placeholder, root: string, schema: JsonSchema, what: string): string[] {
  const [start, first] = pointer.split('/')
  if (root === 'args' && (start !== '' || (first !== 'args' && first !== 'observed')))
    return [`${what}: ${pointer} is not /args/<field>... or /observed/<field>...`]
  if (first !== root) return []
  const found = reached(schema, pointer.slice(`/${root}`.length))
  if (found.length === 0 || pointer === `/${root}` || pointer.includes('*'))
    return [`${what}: ${pointer} leads nowhere`]
  return currency !== null && !found.every(isWhole) ? [`${what}: ${pointer} is no whole number of hundredths`] : []
}

function isWhole(schema: unknown): boolean {
  if (!isObject(schema)) return false
  const variants = schema.anyOf
  return Array.isArray(variants)
    ? variants.every((each) => isWhole(each) || (isObject(each) && each.type === 'null'))
    : schema.type === 'integer'
}

function isLine(text: string, longest: number): boolean {
  return printable(text) === text && text.length <= longest
}
