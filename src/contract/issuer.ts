import { tenantPattern } from '../domain/ids.js'

/** An OIDC issuer whose access tokens are accepted. */
export interface Issuer {
  /** Exactly as tokens say it in `iss`. https, but for an issuer on this machine. */
  readonly issuer: string
  /** What `aud` has to name: this deployment. */
  readonly audience: string
  /** Where its public keys are; else its discovery document says so. */
  readonly jwksUri?: string
  /** The tenant all its tokens are for; or the claim that says which, and what each value of it stands for. */
  readonly tenant: string | { readonly claim: string; readonly tenants: Readonly<Record<string, string>> }
  /** Signature algorithms it may use; RS256, PS256, ES256 and EdDSA if left out. Never symmetric ones. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** How far clocks may differ, in seconds; 5 if left out, at most 60. */
  readonly clockTolerance?: number
  /**
   * Which claims to read: the client (`client_id`; `azp` with some issuers), the person (`sub`), the session (`sid`), the
   * scopes (`scope`). A person's token that names no client is refused.
   */
  readonly claims?: {
    readonly agent?: string
    readonly person?: string
    readonly session?: string
    readonly scope?: string
  }
  /** The scope it takes to ask for actions, to decide, and to read. Where one is named, tokens without it are refused. */
  readonly scopes?: { readonly act?: string; readonly decide?: string; readonly read?: string }
  /** Clients that people sign in through; a person's token from any other is refused. All that are no agent's if left out. */
  readonly signInClients?: readonly string[]
  /** People sign in at the inbox through this issuer, as this client of it. Left out: they do not. */
  readonly signIn?: SignInClient
  /** Earlier actors of a chain that are linked to no principal: refused if left out, else recorded as strangers. */
  readonly unknownActors?: 'refuse' | 'record'
}

/** The client that the inbox is to an issuer. Its redirect URI is `<EXEQUATUR_PUBLIC_URL>/inbox/sign-in/callback`. */
export interface SignInClient {
  readonly clientId: string
  /** The environment variable of the server that holds its secret, as `env:INBOX_CLIENT_SECRET`; none: a public client. */
  readonly clientSecret?: `env:${string}`
  /** What people call the issuer; its host if left out. */
  readonly name?: string
}

const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

/** All that is wrong with the issuers of a configuration. */
export function issuerProblems(issuers: readonly Issuer[], tenants: readonly string[]): string[] {
  const problems = issuers.flatMap((issuer, index) =>
    problemsOf(issuer, tenants).map((problem) => `issuers/${index}/${problem}`),
  )
  const names = issuers.map(({ issuer }) => issuer)
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push(`issuers: ${name} is there twice`)
  return problems
}

function problemsOf(given: Issuer, tenants: readonly string[]): string[] {
  const problems: string[] = []
  const check = (holds: boolean, problem: string) => holds || problems.push(problem)
  check(isSafeUrl(given.issuer) && !/[?#]/.test(given.issuer), 'issuer: an https URL, or http on this machine')
  check(given.jwksUri === undefined || isSafeUrl(given.jwksUri), 'jwksUri: an https URL, or http on this machine')
  check(isText(given.audience), 'audience: what tokens for this deployment name in `aud`')
  const named = typeof given.tenant === 'string' ? [given.tenant] : Object.values(given.tenant?.tenants ?? {})
  check(named.length > 0, 'tenant: a tenant, or a claim and what its values stand for')
  for (const tenant of named) {
    check(tenantPattern.test(tenant) && tenants.includes(tenant), `tenant: ${tenant} is not one of \`tenants\``)
  }
  if (typeof given.tenant !== 'string') check(isText(given.tenant?.claim), 'tenant/claim: the name of a claim')
  const algorithms = given.algorithms ?? []
  for (const algorithm of algorithms) {
    check(
      signatureAlgorithms.some((each) => each === algorithm),
      `algorithms: ${algorithm} is not one of ${signatureAlgorithms.join(', ')}`,
    )
  }
  check(given.algorithms === undefined || algorithms.length > 0, 'algorithms: name at least one')
  const tolerance = given.clockTolerance ?? 0
  check(Number.isInteger(tolerance) && tolerance >= 0 && tolerance <= 60, 'clockTolerance: whole seconds, 0 to 60')
  for (const part of ['claims', 'scopes'] as const) {
    for (const [name, value] of Object.entries(given[part] ?? {})) check(isText(value), `${part}/${name}: a name`)
  }
  for (const scope of Object.values(given.scopes ?? {})) check(!/\s/.test(scope), `scopes: ${scope} is more than one`)
  for (const problem of signInProblems(given)) check(false, problem)
  check(['refuse', 'record', undefined].includes(given.unknownActors), 'unknownActors: refuse or record')
  return problems
}

function signInProblems({ signIn, signInClients }: Issuer): string[] {
  if (signIn === undefined) return []
  const { clientId, clientSecret, name } = signIn
  const problems: string[] = []
  if (!isText(clientId)) problems.push('signIn/clientId: the id of the client that the inbox is')
  if (clientSecret !== undefined && !/^env:[A-Z][A-Z0-9_]*$/.test(clientSecret))
    problems.push('signIn/clientSecret: the name of a variable, as env:INBOX_CLIENT_SECRET')
  if (name !== undefined && !isText(name)) problems.push('signIn/name: what people call the issuer')
  if (signInClients && !signInClients.includes(clientId)) problems.push(`signInClients: ${clientId} is not one of them`)
  return problems
}

/** May keys be fetched from there? Whoever can change them on the way can be anybody. */
export function isSafeUrl(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) return false
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname))
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
