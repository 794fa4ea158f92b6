import { isSafeUrl } from '../contract/issuer.js'
import type { InboxRules } from '../control-plane/sign-in/inbox-rules.js'
import { ExequaturError } from '../domain/errors.js'
import { createOidcSignIns } from '../identity/oidc-sign-ins.js'
import type { ProcessConfig } from './config.js'

/** Where the inbox is and whom it lets in, by the settings of this process. Throws `EXQ-7001`. */
export function inboxRulesOf({ deployment, env, optional }: ProcessConfig): InboxRules {
  const publicUrl = originOf(optional('EXEQUATUR_PUBLIC_URL') ?? `http://localhost:${env('EXEQUATUR_PORT')}`)
  const issuers = deployment.issuers ?? []
  return {
    publicUrl,
    ...deployment.inboxTimes,
    issuers,
    oidc: createOidcSignIns(issuers, publicUrl, process.env),
  }
}

function originOf(text: string): string {
  const url = isSafeUrl(text) ? new URL(text) : null
  if (!url || url.href !== `${url.origin}/`)
    throw new ExequaturError(
      'EXQ-7001',
      'EXEQUATUR_PUBLIC_URL: an https address without a path, or http on this machine, as https://exequatur.example',
    )
  return url.origin
}
