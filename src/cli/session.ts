import { type Api, createApi } from './api.js'
import { type Connection, type ConnectionOptions, findConnection } from './connection.js'
import type { ExitCode } from './exit-codes.js'
import type { Output } from './output.js'
import type { Terminal } from './terminal.js'

/** What a command works with during one run. */
export interface Session {
  readonly terminal: Terminal
  readonly output: Output
  /** `quietly`: says nothing where an answer takes long, as something else is drawn. */
  readonly api: (options: ConnectionOptions, quietly?: boolean) => Api
  readonly connection: (options: ConnectionOptions) => Connection
}

export function createSession(terminal: Terminal, output: Output): Session {
  return {
    terminal,
    output,
    connection: (options) => findConnection(options, terminal),
    api: (options, quietly = false) => {
      const connection = findConnection(options, terminal)
      const what = `Waiting for ${connection.api.host} ...`
      return createApi(connection, quietly ? {} : { around: (call) => output.during(what, call) })
    },
  }
}

/** Makes the action of a command from what it does; that resolves to the exit code. */
export type Run = <Given extends unknown[]>(
  work: (session: Session, ...given: Given) => Promise<ExitCode>,
) => (...given: Given) => Promise<void>
