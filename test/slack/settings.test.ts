import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { slackOptionsOf } from '../../src/config/slack-options.js'
import { type Config, defineConfig } from '../../src/contract/define-config.js'
import { slackLog } from '../../src/slack/log.js'

const slack = {
  botToken: 'env:SLACK_BOT_TOKEN',
  appToken: 'env:SLACK_APP_TOKEN',
  team: 'T012AB3C4',
  tenant: 'acme',
  channels: { '#finance': 'C012AB3C4' },
} as const

const config = (changes: Partial<Config>) =>
  defineConfig({
    deployment: 'desk',
    tenants: ['acme'],
    groups: ['finance'],
    policies: './policies',
    tools: async () => [],
    ...changes,
  })

describe('the section slack', () => {
  test('is taken as it should be', () => {
    expect(config({ slack, notifications: { groups: { finance: ['slack', 'slack:#finance'] } } }).slack).toEqual(slack)
  })

  test.each([
    ['a token itself', { botToken: 'xoxb-1' }, /slack.botToken/],
    ['the name of a workspace', { team: 'acme' }, /slack.team/],
    ['an organisation in place of a workspace', { team: 'E012AB3C4' }, /slack.team: .* not of an organisation/],
    ['a tenant that is not there', { tenant: 'globex' }, /slack.tenant: globex/],
    ['a channel by its name', { channels: { '#finance': 'finance' } }, /slack.channels: #finance/],
    ['no e-mail address', { emails: { ann: 'ann' } }, /slack.emails: ann/],
    ['one address for two', { emails: { ann: 'a@acme.example', bob: 'A@acme.example' } }, /the same address/],
    ['no URL', { apiUrl: 'slack' }, /slack.apiUrl/],
    ['tokens that go in the clear', { apiUrl: 'http://slack.example/api/' }, /slack.apiUrl: an https address/],
  ])('is refused with %s', (_, changes, problem) => {
    expect(() => config({ slack: { ...slack, ...changes } as never })).toThrow(problem)
  })

  test('has to name the channels that people are told in', () => {
    const notifications = { default: ['slack:#ops'] } as const
    expect(() => config({ slack, notifications })).toThrow(/slack.channels: #ops is a route/)
  })
})

describe('the tokens', () => {
  test('are taken from the environment, and their absence is told by name', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
    expect(slackOptionsOf(slack, env)).toMatchObject({ botToken: 'xoxb-1', apiUrl: 'https://slack.com/api/' })
    const inTheClear = { ...env, SLACK_API: 'http://slack.example/api/' }
    expect(() => slackOptionsOf({ ...slack, apiUrl: 'env:SLACK_API' }, inTheClear)).toThrow(/slack.apiUrl: an https/)
    const here = { ...env, SLACK_API: 'http://127.0.0.1:3000/api' }
    expect(slackOptionsOf({ ...slack, apiUrl: 'env:SLACK_API' }, here).apiUrl).toBe('http://127.0.0.1:3000/api/')
    expect(() => slackOptionsOf(slack, { SLACK_BOT_TOKEN: 'xoxb-1' })).toThrow(/SLACK_APP_TOKEN is not set/)
  })

  test('are in no line of the log, whatever Bolt says', () => {
    const lines: string[] = []
    const stream = new Writable({
      write: (line, _encoding, done) => {
        lines.push(String(line))
        done()
      },
    })
    const log = slackLog(pino({ level: 'trace' }, stream))
    log.debug('Sending a WebSocket message: xoxb-12-ab')
    log.warn('failed with xoxb-12-ab and xapp-1-A1-ff at wss://x/?ticket=1f-2e&app_id=A1')
    log.error(Object.assign(new Error('posting to https://hooks.slack.com/actions/T1/2/abc'), { headers: 'xoxb-9' }))
    log.info('body', { token: 'xoxb-12-ab' })
    expect(lines).toHaveLength(3)
    expect(lines.join()).not.toMatch(/xox|xapp|ticket=1|T1\/2/)
  })
})
