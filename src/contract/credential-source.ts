/** What a credential is leased for: one call of one tool, or one look at what the call came to. */
export interface LeaseRequest {
  readonly tenant: string
  readonly action_id: string
  readonly tool: string
  /** The name under which the tool declares the credential. */
  readonly credential: string
  readonly step: string
  /** `list`: a look at all effects of the tool, for no action and no step. */
  readonly phase: 'observe' | 'execute' | 'compensate' | 'verify' | 'list'
  /** The attempt that was written before this; for a verification the attempt that is verified; the count of the look. */
  readonly attempt: number
  /** The agent that asked, as `agent:<name>`; `service:reconciler` for a look at all effects. */
  readonly agent: string
  /** For whom it asked, if a credential said so. */
  readonly on_behalf_of: string | null
  /** `read` where the call only looks: a tool of effect `none`, or a verification. */
  readonly scope: 'read' | 'write'
  /** What is left until the deadline of the call, in milliseconds. A credential need not live longer. */
  readonly ttl_ms: number
  /** Aborts at that deadline. */
  readonly signal: AbortSignal
}

/** A credential that was handed out for one call. */
export interface Lease {
  /** Recorded, so it is no secret: at most 200 printable ASCII characters. */
  readonly lease_id: string
  readonly secret: string
  /** Other secrets that the tool or the systems it calls could show, such as parts of this one. */
  readonly hide?: readonly string[]
  /** When it ends by itself; null if it does not. */
  readonly expires_at: Date | null
  /** Ends it now. Called once, after the call; may be cut off by the signal. */
  readonly revoke?: (signal: AbortSignal) => Promise<void>
}

/** Hands out credentials, one per call. Runs in the executor. */
export interface CredentialSource {
  /** What it is, for the record: `oauth-client-credentials`, `postgres-role`. No hosts, no names of accounts. */
  readonly kind: string
  /**
   * Throw `leaseRefused(reason)` to say why there is none; of any other error nothing is recorded, as the text of a
   * provider may hold secrets. A lease that comes after the deadline is revoked.
   */
  lease(request: LeaseRequest): Promise<Lease>
  /** Removes what executors that died have left behind; resolves to how many. Called when an executor starts. */
  sweep?(): Promise<number>
  /** Called when the executor ends. */
  close?(): Promise<void>
}
