import { tenantPattern } from '../domain/ids.js'
import { type PrincipalKind, principalKinds } from '../domain/principal.js'
import { usageError } from './cli-error.js'

/** A principal as the ledger names it, from a name with or without its kind. */
export function principalOf(kind: PrincipalKind, name: string): string {
  return `${kind}:${withoutKind(kind, name)}`
}

export function withoutKind(kind: PrincipalKind, name: string): string {
  return name.startsWith(`${kind}:`) ? name.slice(kind.length + 1) : name
}

/** A principal written with its kind, where it could be any. */
export function checkPrincipal(text: string): string {
  if (!principalKinds.some((kind) => text.startsWith(`${kind}:`)))
    throw usageError(`${text} is no principal: write agent:<name>, person:<name> or service:<name>`)
  return text
}

export function checkTenant(tenant: string): string {
  if (!tenantPattern.test(tenant)) throw usageError(`${tenant} is no tenant: lower case letters, digits and -`)
  return tenant
}
