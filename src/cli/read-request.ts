import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isObject } from '../domain/json.js'
import type { Api } from './api.js'
import { CliError, usageError } from './cli-error.js'
import type { Session } from './session.js'
import { readAll } from './terminal.js'

export interface RequestOptions {
  readonly arg?: readonly string[]
  readonly args?: string
  readonly file?: string
  readonly toolVersion?: number
  readonly ticket?: string
  readonly user?: string
  readonly incident?: string
  readonly reason?: string
  readonly requireApproval?: true
  readonly requestId?: string
}

/** What is sent; its shape is for the server to check. */
export interface Request {
  readonly [field: string]: unknown
  readonly context: { request_id?: unknown; [field: string]: unknown }
}

/** The request that a command line describes. What its options say is laid over what a file says. */
export async function readRequest(
  session: Session,
  api: Api,
  tool: string | undefined,
  options: RequestOptions,
): Promise<Request> {
  const source = tool === '-' ? '-' : options.file
  const parts = [tool === '-' ? undefined : tool, options.arg, options.args, options.toolVersion]
  if (source !== undefined && parts.some((part) => part !== undefined)) {
    throw usageError('a whole request names its own tool and arguments', submitCommand)
  }
  if (tool === '-' && options.file !== undefined) {
    throw usageError('read the request from a file or from standard input, not both', submitCommand)
  }
  if (source === undefined && tool === undefined) throw usageError('name a tool, or give --file', submitCommand)
  const body =
    source === undefined
      ? { tool, version: options.toolVersion, args: await readArgs(api, tool as string, options) }
      : parseObject(await readSource(session, source), source === '-' ? 'standard input' : source)
  const said = Object.entries({
    request_id: options.requestId,
    ticket_id: options.ticket,
    user_id: options.user,
    incident_id: options.incident,
    reason: options.reason,
    requires_approval: options.requireApproval,
  }).filter(([, value]) => value !== undefined)
  const context = 'context' in body ? body.context : {}
  if (!isObject(context)) throw usageError('`context` of the request is not an object', submitCommand)
  return { ...body, context: { ...context, ...Object.fromEntries(said) } }
}

const submitCommand = 'exq submit'

async function readSource({ terminal }: Session, source: string): Promise<string> {
  return source === '-' ? readAll(terminal.stdin) : readFile(resolve(terminal.cwd, source), 'utf8')
}

/** Arguments from options; as text, or as JSON where the contract of the tool wants that. */
export async function readArgs(
  api: Api,
  tool: string,
  options: Pick<RequestOptions, 'arg' | 'args'> & { readonly toolVersion?: number },
): Promise<Record<string, unknown>> {
  const args = options.args === undefined ? {} : parseObject(options.args, '--args')
  const given = options.arg ?? []
  if (given.length === 0) return args
  const pairs = given.map((each): [string, string] => {
    const at = each.indexOf('=')
    if (at < 1) throw usageError(`--arg ${each}: it is name=value`, submitCommand)
    return [each.slice(0, at), each.slice(at + 1)]
  })
  const types = await typesOf(api, tool, options.toolVersion)
  const typed = pairs.map(([name, text]) => [name, types(name) === 'string' ? text : jsonOr(text, types(name))])
  return Object.fromEntries([...Object.entries(args), ...typed])
}

/** The declared type of each argument, so that `--arg amount_cents=2000` is a number and an id of digits is text. */
async function typesOf(api: Api, tool: string, version: number | undefined): Promise<(name: string) => unknown> {
  try {
    const { properties } = (await api.getTool(tool, version)).input
    return (name) => {
      const field = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
      if (!isObject(field)) return undefined
      return field.type ?? (Array.isArray(field.enum) ? typeof field.enum[0] : undefined)
    }
  } catch (error) {
    // The server says so of the request itself, and keeps a record of that.
    if (error instanceof CliError && error.shown.code === 'EXQ-1109') return () => undefined
    throw error
  }
}

/** Text that is no JSON stays text; so does what JSON would change, and a quoted text where nothing is declared. */
function jsonOr(text: string, declared: unknown): unknown {
  try {
    const value: unknown = JSON.parse(text)
    const changed = typeof value === 'number' && String(value) !== text
    return changed || (declared === undefined && typeof value === 'string') ? text : value
  } catch {
    return text
  }
}

function parseObject(text: string, source: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {}
  throw usageError(`${source} is not a JSON object`, submitCommand)
}
