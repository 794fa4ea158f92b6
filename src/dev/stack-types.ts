import type { Child } from './child-process.js'
import type { Say } from './say.js'

export type StackOptions = {
  /** The data folder: databases, keys, logs, the Temporal binary. One stack at a time may use it. */
  readonly home: string
  /** Where the Temporal binary is kept, as `bin/temporal`, to be shared by several homes; the home by default. */
  readonly cache?: string
  /** Path of the `exequatur.config.ts` that server and executor load. */
  readonly config: string
  readonly say: Say
  /** Further environment variables. Credentials of tools belong to the executor, which also gets this process's own. */
  readonly env?: {
    readonly server?: NodeJS.ProcessEnv
    /** A function is asked once the database is up, for tools that act on it; it gets the owner's URL. */
    readonly executor?: NodeJS.ProcessEnv | ((databaseUrl: string) => Promise<NodeJS.ProcessEnv>)
  }
  /** Preferred ports; another is taken where one is not free. */
  readonly ports?: { readonly api?: number; readonly temporal?: number; readonly temporalUi?: number }
  /**
   * Takes nothing of this process's environment that could belong to another deployment: no DATABASE_URL, no Temporal, and
   * for the tools only what `env` gives.
   */
  readonly alone?: true
  /** Aborting it while the stack starts ends what has been started. */
  readonly signal?: AbortSignal
}

export type StackTemporal = {
  readonly address: string
  readonly namespace: string
  /** URL of the web UI, where one is known. */
  readonly ui: string | undefined
  /** The Temporal CLI and the server's process, where the stack started the server itself. */
  readonly binary: string | undefined
  readonly pid: number | undefined
}

export type Stack = {
  readonly home: string
  /** URL of the HTTP API. */
  readonly api: string
  readonly temporal: StackTemporal
  /** The database owner's URL; it holds a password. */
  readonly databaseUrl: string
  readonly server: Child
  readonly executor: Child
  /** Ends what the stack started, in order: server, executor, Temporal, Postgres. */
  stop(): Promise<void>
}
