import { type Setting, settings } from '../config/env.js'
import { row } from './markdown.js'

/** The page `docs/CONFIG.md`: every environment variable. */
export function describeConfig(): string {
  return [
    '# Settings',
    '',
    'Read once, from the environment; everything that is missing is reported together. What a deployment consists of',
    '(tenants, groups, policies, tools) is in its `exequatur.config.ts`.',
    '',
    row('Variable', 'Meaning', 'Default', 'Read by'),
    row('---', '---', '---', '---'),
    ...(Object.entries(settings) as [string, Setting][]).map(([name, setting]) =>
      row(`\`${name}\``, setting.meaning, defaultOf(setting), setting.by.join(', ')),
    ),
    '',
    'The command line also honours NO_COLOR, FORCE_COLOR, CI and TERM.',
    '',
  ].join('\n')
}

function defaultOf({ default: value, required }: Setting): string {
  if (value !== undefined) return `\`${value}\``
  return required ? 'required' : 'none'
}
