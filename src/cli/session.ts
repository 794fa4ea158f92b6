import { type Api, createApi } from './api.js'
import { type ConnectionOptions, findConnection } from './connection.js'
import type { ExitCode } from './exit-codes.js'
import type { Output } from './output.js'
import type { Terminal } from './terminal.js'

/** What a command works with during one run. */
export interface Session {
  readonly terminal: Terminal
  readonly output: Output
  readonly api: (options: ConnectionOptions) => Api
}

export function createSession(terminal: Terminal, output: Output): Session {
  return { terminal, output, api: (options) => createApi(findConnection(options, terminal)) }
}

/** Makes the action of a command from what it does; that resolves to the exit code. */
export type Run = <Given extends unknown[]>(
  work: (session: Session, ...given: Given) => Promise<ExitCode>,
) => (...given: Given) => Promise<void>
