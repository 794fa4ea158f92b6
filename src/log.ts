import { DefaultLogger, type LogLevel } from '@temporalio/worker'
import { destination, type Logger, pino } from 'pino'

export type { Logger }

/** JSON lines on standard error: standard output belongs to data. */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level }, destination(2))
}

// A worker with activities only has no workflows; that is as it should be.
const expected = new Set(['No workflows registered, not polling for workflow tasks'])

/** Temporal's own messages, through ours. */
export function temporalLogger(logger: Logger): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message, meta }) => {
    if (expected.has(message)) return
    const { error, ...facts } = meta ?? {}
    logger[pinoLevel(level)]({ ...facts, ...(error ? { err: error } : {}) }, message)
  })
}

function pinoLevel(level: LogLevel): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  return level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error'
}
