import { parseArgs } from 'node:util'

/** How a stand-in's process was started. */
export interface ProcessOptions {
  port: number
  host: string
  ledger: string
  /** End when the parent closes our standard input, which it also does by dying. */
  untilStdinCloses: boolean
}

/** Reads `--port 0 --host 127.0.0.1 --ledger FILE --until-stdin-closes`; throws when one of them makes no sense. */
export function readProcessOptions(args: string[]): ProcessOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      ledger: { type: 'string' },
      'until-stdin-closes': { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port`)
  if (values.ledger === undefined) throw new Error('--ledger FILE is missing')
  return { port, host: values.host, ledger: values.ledger, untilStdinCloses: values['until-stdin-closes'] }
}

/** A whole number of milliseconds from the environment, or `fallback` where the variable is not set. */
export function readMilliseconds(name: string, fallback: number): number {
  const text = process.env[name]
  if (text === undefined) return fallback
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number of milliseconds`)
  return Number(text)
}
