import { LogLevel, type Logger as SlackLogger } from '@slack/bolt'
import type { Logger } from '../log.js'

// Tokens, the tickets that open a connection, and the addresses that let anybody answer in our name.
const secrets = [
  /\bx(?:ox[a-z]|app)-[\w-]+/g,
  /\bticket=[\w-]+/g,
  /\/(?:actions|commands|response|app|services)\/[\w/-]+/g,
]

/** Slack's own messages, through ours, without what is secret in them. Payloads are never written: no `debug`. */
export function slackLog(logger: Logger): SlackLogger {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (...said: readonly unknown[]) =>
      logger[level]({ of: 'slack' }, redact(said.map(textOf).join(' ')))
  return {
    debug: () => undefined,
    info: write('info'),
    warn: write('warn'),
    error: write('warn'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  }
}

function redact(text: string): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text)
}

/** Of what is no text only what kind of thing it is: an error of the SDK holds headers and bodies. */
function textOf(said: unknown): string {
  if (typeof said === 'string') return said
  return said instanceof Error ? `${said.name}: ${said.message}` : typeof said
}
