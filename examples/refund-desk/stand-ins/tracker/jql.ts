import { badRequest } from './errors.js'
import type { IssueRecord } from './facts.js'

/** A read query: which issues it wants, oldest or newest first. */
export interface Query {
  matches: (issue: IssueRecord) => boolean
  oldestFirst: boolean
}

/**
 * Reads the part of JQL that finds a ticket by what is known of it: `field = value` and `field in (a, b)`, joined by
 * AND, with `ORDER BY created ASC|DESC`. Fields: project, labels, issuetype, status, key, id, summary,
 * `issue.property[name].path`. Refuses everything else, and a query that restricts nothing, as Jira does.
 */
export function readJql(jql: string): Query {
  const tokens = jql.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[(),]|!=|!~|[<>]=?|[=~]|[^\s(),=!~<>"']+/g) ?? []
  const oldestFirst = readOrder(tokens)
  if (tokens.length === 0) {
    throw badRequest('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.')
  }
  const clauses = [readClause(tokens)]
  while (tokens.length > 0) {
    const joint = tokens.shift() ?? ''
    if (joint.toUpperCase() !== 'AND') throw unreadable(`expected AND, found ${joint}`)
    clauses.push(readClause(tokens))
  }
  return { matches: (issue) => clauses.every((clause) => clause(issue)), oldestFirst }
}

/** Takes `ORDER BY created ...` off the end of the tokens. */
function readOrder(tokens: string[]): boolean {
  const start = tokens.findIndex((token, index) => isWord(token, 'ORDER') && isWord(tokens[index + 1], 'BY'))
  if (start < 0) return false
  const [, , field, direction = 'ASC', ...rest] = tokens.splice(start)
  if (field !== 'created' || rest.length > 0) throw unreadable('only ORDER BY created is known')
  return direction.toUpperCase() === 'ASC'
}

function readClause(tokens: string[]): (issue: IssueRecord) => boolean {
  const field = tokens.shift()
  const operator = tokens.shift()
  if (field === undefined || operator === undefined) throw unreadable('the query ends too early')
  const values = readValues(operator, tokens)
  const read = fieldReader(field)
  return (issue) => read(issue).some((held) => values.includes(held))
}

function readValues(operator: string, tokens: string[]): string[] {
  if (operator === '=') return [readValue(tokens.shift())]
  if (!isWord(operator, 'IN')) throw unreadable(`the operator ${operator} is not known`)
  if (tokens.shift() !== '(') throw unreadable('expected ( after IN')
  const values = [readValue(tokens.shift())]
  for (let next = tokens.shift(); next !== ')'; next = tokens.shift()) {
    if (next !== ',') throw unreadable('expected , or ) in the list')
    values.push(readValue(tokens.shift()))
  }
  return values
}

function readValue(token: string | undefined): string {
  if (token === undefined || /^[(),=]$/.test(token)) throw unreadable('a value is missing')
  return /^["']/.test(token) ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token
}

function fieldReader(field: string): (issue: IssueRecord) => string[] {
  switch (field.toLowerCase()) {
    case 'project':
      return (issue) => [issue.project]
    case 'labels':
      return (issue) => issue.labels
    case 'issuetype':
      return (issue) => [issue.issuetype]
    case 'status':
      return (issue) => [issue.status]
    case 'summary':
      return (issue) => [issue.summary]
    case 'id':
    case 'key':
    case 'issuekey':
      return (issue) => [issue.key, issue.id]
  }
  const property = /^issue\.property\[([^\]]+)\]((?:\.[\w-]+)*)$/.exec(field)
  if (!property) throw badRequest(`Field '${field}' does not exist or you do not have permission to view it.`)
  const [, name = '', path = ''] = property
  return (issue) => {
    const value = path.split('.').slice(1).reduce(inner, issue.properties[name])
    return value === undefined || value === null ? [] : [String(value)]
  }
}

function inner(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function isWord(token: string | undefined, word: string): boolean {
  return token?.toUpperCase() === word
}

function unreadable(problem: string) {
  return badRequest(`Error in the JQL Query: ${problem}.`)
}
