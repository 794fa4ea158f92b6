import { ExequaturError, type Problem } from '../domain/errors.js'
import type { Json } from '../domain/json.js'

const maxDepth = 32
const maxProblems = 20
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses a body that means the same to every reader: UTF-8, no name twice, no names that reach a prototype (else
 * `EXQ-1001`); no number that a double cannot hold, no text that Postgres cannot, no endless nesting (else `EXQ-1002`).
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  const text = decode(bytes)
  const value = parse(text)
  const problems = contentProblems(value, '', 1)
  if (problems[0]) {
    throw new ExequaturError('EXQ-1002', `${problems[0].pointer || 'the body'} ${problems[0].message}`, problems)
  }
  refuseNames(text)
  return value
}

/** The JSON Pointer (RFC 6901) to what lies under `key`. */
export function pointerTo(pointer: string, key: PropertyKey): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new ExequaturError('EXQ-1001', 'the body is not UTF-8')
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new ExequaturError('EXQ-1001', error instanceof Error ? error.message : 'the body cannot be parsed')
  }
}

function contentProblems(value: Json, pointer: string, depth: number): Problem[] {
  if (typeof value === 'string') {
    return isStorable(value) ? [] : [{ pointer, message: 'holds a NUL or half a surrogate pair' }]
  }
  if (typeof value === 'number') {
    const held = Math.abs(value) <= Number.MAX_SAFE_INTEGER
    return held ? [] : [{ pointer, message: 'is beyond 2^53-1; send large numbers as strings' }]
  }
  if (typeof value !== 'object' || value === null) return []
  if (depth > maxDepth) return [{ pointer, message: `is nested deeper than ${maxDepth} levels` }]
  const problems: Problem[] = []
  for (const [key, inner] of Object.entries(value)) {
    const at = pointerTo(pointer, key)
    if (!isStorable(key)) problems.push({ pointer: at, message: 'has a NUL or half a surrogate pair in its name' })
    problems.push(...contentProblems(inner, at, depth + 1))
    if (problems.length >= maxProblems) break
  }
  return problems
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Cs}/u.test(text)
}

// In text that has been parsed, what a colon follows is a name, and braces outside of strings are structure.
const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g

/** Readers differ in which of two equal names they take, and `JSON.parse` keeps quiet about both. */
function refuseNames(text: string): void {
  const open: Set<string>[] = []
  for (const [token, string, colon] of text.matchAll(tokens)) {
    if (string === undefined) {
      if (token === '{' || token === '[') open.push(new Set())
      else open.pop()
    } else if (colon !== undefined) {
      const name = JSON.parse(string) as string
      const names = open.at(-1)
      if (name === '__proto__' || name === 'constructor') {
        throw new ExequaturError('EXQ-1001', `the name ${name} is not allowed`)
      }
      if (names?.has(name)) throw new ExequaturError('EXQ-1001', `the name ${JSON.stringify(name)} is there twice`)
      names?.add(name)
    }
  }
}
