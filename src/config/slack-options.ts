import { isSafeUrl, safeUrls } from '../contract/safe-url.js'
import type { SlackSettings } from '../contract/slack-settings.js'
import { ExequaturError } from '../domain/errors.js'
import type { SlackOptions } from '../slack/options.js'

const slackApi = 'https://slack.com/api/'

/** The workspace as the server uses it, with its tokens taken from the environment. Throws `EXQ-7001` where one is not set. */
export function slackOptionsOf(settings: SlackSettings, env: NodeJS.ProcessEnv = process.env): SlackOptions {
  const { team, tenant, channels = {}, emails = {}, apiUrl = slackApi } = settings
  const read = (setting: string) => {
    if (!setting.startsWith('env:')) return setting
    const value = env[setting.slice('env:'.length)]
    if (!value) throw new ExequaturError('EXQ-7001', `slack: ${setting.slice('env:'.length)} is not set`)
    return value
  }
  const url = read(apiUrl)
  if (!isSafeUrl(url)) throw new ExequaturError('EXQ-7001', `slack.apiUrl: ${safeUrls}`)
  const people = Object.entries(emails).map(([person, address]) => [address.toLowerCase(), `person:${person}`] as const)
  return {
    botToken: read(settings.botToken),
    appToken: read(settings.appToken),
    team,
    tenant,
    channels,
    personByEmail: new Map(people),
    apiUrl: url.endsWith('/') ? url : `${url}/`,
  }
}
