import type { ControlPlane } from '../../control-plane/control-plane.js'
import { isObject } from '../../domain/json.js'
import type { Begun } from '../../identity/oidc-sign-ins.js'

/** What a browser keeps for us while its person is at the issuer. */
export interface BegunSignIn extends Begun {
  /** Where in the inbox to go then. */
  readonly to: string
  /** Milliseconds since 1970. */
  readonly until: number
}

type Keys = Pick<ControlPlane, 'signingKey' | 'verifySignature'>

/** Nothing else that the server signs begins so. */
const purpose = 'exequatur sign-in begun\n'

/** As a cookie value, which nobody else can make. */
export function sealBegun({ signingKey }: Keys, begun: BegunSignIn): string {
  const text = Buffer.from(JSON.stringify(begun)).toString('base64url')
  return `${text}.${signingKey.keyId}.${signingKey.sign(purpose + text)}`
}

/** Null for what we did not seal, or too long ago. */
export function openBegun({ verifySignature }: Keys, value: string | null): BegunSignIn | null {
  const [text = '', keyId = '', signature = ''] = (value ?? '').split('.')
  if (!verifySignature(keyId, purpose + text, signature)) return null
  const begun: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
  return isObject(begun) && Number(begun.until) > Date.now() ? (begun as unknown as BegunSignIn) : null
}

/** The path within the inbox that somebody wishes to go to; the inbox itself for anything else. */
export function pathInInbox(wished: string | undefined, publicUrl: string): string {
  const home = '/inbox'
  if (wished === undefined || !wished.startsWith('/') || wished.length > 500 || !URL.canParse(wished, publicUrl))
    return home
  const { origin, pathname, search, hash } = new URL(wished, publicUrl)
  const inside = origin === publicUrl && (pathname === home || pathname.startsWith(`${home}/`))
  return inside && !pathname.startsWith(`${home}/sign-in`) ? `${pathname}${search}${hash}` : home
}
