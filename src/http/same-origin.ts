import type { FastifyRequest } from 'fastify'
import { ExequaturError } from '../domain/errors.js'

type Headers = Pick<FastifyRequest, 'headers' | 'method'>

/**
 * Lets only pages of our own use what a browser sends along by itself. Browsers name the page that changes something, and
 * the newer ones also where a question comes from. Throws `EXQ-2032`.
 */
export function requireSameOrigin({ headers, method }: Headers, publicUrl: string): void {
  const site = headers['sec-fetch-site']
  const { origin } = headers
  // `none`: somebody typed the address.
  const asked = method === 'GET' ? ['same-origin', 'none', undefined] : ['same-origin', undefined]
  if (!asked.includes(site as string | undefined))
    throw new ExequaturError('EXQ-2032', 'it comes from a page of another site')
  if (method === 'GET' && origin === undefined) return
  if (origin !== publicUrl)
    throw new ExequaturError('EXQ-2032', `the inbox is at ${publicUrl}, and the request comes from elsewhere`)
}
