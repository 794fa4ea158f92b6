import { ExequaturError } from '../domain/errors.js'
import type { Caller } from './control-plane.js'

/** Lets people past and nobody else; `what` says what people do here. Throws `EXQ-2002`. */
export function requirePerson({ principal }: Pick<Caller, 'principal'>, what: string): void {
  if (principal.kind !== 'person')
    throw new ExequaturError('EXQ-2002', `${principal.principal} is no person; people ${what}`)
}
