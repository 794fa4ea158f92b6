import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package-root.js'

const root = fileURLToPath(packageRoot)
const page = readFileSync(join(root, 'docs/SLACK.md'), 'utf8')
const manifest = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '')

const sources = readdirSync(join(root, 'src/slack'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(root, 'src/slack', path), 'utf8'))
  .join('\n')

/** The scope each method of the Web API takes, as Slack documents it; none for some. */
const scopeOf: Readonly<Record<string, string | null>> = {
  'auth.test': null,
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.open': 'im:write',
  'users.info': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'views.open': null,
  'views.update': null,
}

const called = [
  ...new Set([...sources.matchAll(/client\.([a-z]+\.[a-zA-Z]+)\(/g)].flatMap(([, method]) => method ?? [])),
]
  // The client of Socket Mode is another one.
  .filter((method) => method.includes('.'))

describe('the app manifest', () => {
  test('asks for the scopes of the methods that are called, for commands, and for nothing else', () => {
    expect(called.sort()).toEqual(Object.keys(scopeOf).sort())
    const needed = called.flatMap((method) => scopeOf[method] ?? [])
    expect(manifest.oauth_config.scopes.bot).toEqual([...new Set([...needed, 'commands'])].sort())
    expect(manifest.oauth_config.scopes.user).toBeUndefined()
  })

  test('declares the commands that are listened to', () => {
    const command = /slashCommand = '(\/[a-z]+)'/.exec(sources)?.[1]
    expect(manifest.features.slash_commands.map((each: { command: string }) => each.command)).toEqual([command])
    expect(sources.match(/app\.command\(/g)).toHaveLength(1)
  })

  test('subscribes to no events, as none is listened to, and has clicks come by Socket Mode', () => {
    expect(sources).not.toMatch(/app\.(event|message|shortcut|options)\(/)
    expect(manifest.settings.event_subscriptions).toBeUndefined()
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
  })

  test('is what the workspace that stands in allows', () => {
    const standIn = readFileSync(join(root, 'examples/refund-desk/stand-ins/slack.ts'), 'utf8')
    const given = /SLACK_SCOPES \?\? '([^']+)'/.exec(standIn)?.[1]
    expect(given?.split(',')).toEqual(manifest.oauth_config.scopes.bot)
  })
})
