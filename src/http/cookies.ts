import type { FastifyReply, FastifyRequest } from 'fastify'

/** A cookie of ours: never for scripts, never for another host, over https only where we are there. */
export interface Cookie {
  readonly name: string
  readonly path: string
  /** `Strict`: not even a link from elsewhere brings it. `Lax`: coming back from an issuer does. */
  readonly sameSite: 'Strict' | 'Lax'
  readonly secure: boolean
}

/** What signs a browser in. Over https its name keeps other hosts from setting it. */
export function signInCookie(publicUrl: string): Cookie {
  const secure = publicUrl.startsWith('https:')
  return { name: secure ? '__Host-exq_sign_in' : 'exq_sign_in', path: '/', sameSite: 'Strict', secure }
}

/** What a browser brings back from an issuer. */
export function begunCookie(publicUrl: string): Cookie {
  return { ...signInCookie(publicUrl), name: `${signInCookie(publicUrl).name}_begun`, sameSite: 'Lax' }
}

/** The value of a cookie; null if it was not sent, or more than once: then nobody knows whose it is. */
export function readCookie({ headers }: Pick<FastifyRequest, 'headers'>, { name }: Cookie): string | null {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([found]) => found === name)
    .map(([, ...value]) => value.join('='))
  return values.length === 1 && values[0] ? values[0] : null
}

export function setCookie(reply: FastifyReply, cookie: Cookie, value: string, seconds: number): void {
  const { name, path, sameSite, secure } = cookie
  const parts = [`${name}=${value}`, `Path=${path}`, `Max-Age=${seconds}`, 'HttpOnly', `SameSite=${sameSite}`]
  reply.header('set-cookie', [...parts, ...(secure ? ['Secure'] : [])].join('; '))
}

export function clearCookie(reply: FastifyReply, cookie: Cookie): void {
  setCookie(reply, cookie, '', 0)
}
