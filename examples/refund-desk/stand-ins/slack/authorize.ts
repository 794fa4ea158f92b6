import { type Call, header } from '../call.js'
import type { Reply } from '../reply.js'
import { unauthorized } from './answers.js'

/** The scope each method takes; none for those that are not here. */
const scopes: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.open': 'im:write',
  'users.info': 'users:read',
  'users.list': 'users:read',
  'users.lookupByEmail': 'users:read.email',
}

export interface Tokens {
  bot: string
  app: string
  /** What the bot token may do. */
  scopes: readonly string[]
}

/** Who calls, and may they? Every method takes the bot's token, but the one that opens a socket takes the app's. */
export function authorize(call: Call, tokens: Tokens): Reply | undefined {
  // Whoever knows a response URL may use it.
  if (!call.path.startsWith('/api/')) return undefined
  const method = call.path.slice('/api/'.length)
  const token = /^bearer (.+)$/i.exec(header(call.headers, 'authorization') ?? '')?.[1] ?? call.fields.get('token')
  if (token === undefined || token === '') return unauthorized.nobody
  if (token !== tokens.bot && token !== tokens.app) return unauthorized.unknown
  if ((method === 'apps.connections.open') !== (token === tokens.app)) return unauthorized.wrongKind
  const needed = scopes[method]
  if (needed !== undefined && !tokens.scopes.includes(needed))
    return unauthorized.lacks(needed, tokens.scopes.join(','))
  return undefined
}
