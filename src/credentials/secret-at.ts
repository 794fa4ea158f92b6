import { readFile } from 'node:fs/promises'
import { leaseRefused } from '../contract/lease-refused.js'
import type { CredentialReference } from '../contract/tool.js'

/** The secret behind `env:NAME` or `file:/path`, as it is now. Rejects with a `LeaseRefused` that names the place. */
export async function secretAt(reference: CredentialReference): Promise<string> {
  const kind = reference.slice(0, reference.indexOf(':'))
  const place = reference.slice(kind.length + 1)
  const text = kind === 'env' ? process.env[place] : await readFile(place, 'utf8').catch(() => undefined)
  const secret = kind === 'file' ? text?.trim() : text
  if (!secret) throw leaseRefused(`${reference} holds nothing`)
  return secret
}
