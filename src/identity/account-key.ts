/** How an identity of an issuer is written wherever it is not (yet) a principal. */
export function accountKey(issuer: string, subject: string): string {
  return `oidc:${issuer}#${subject}`
}
