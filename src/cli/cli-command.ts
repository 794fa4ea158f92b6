import { Command, type Help, InvalidArgumentError, Option } from 'commander'
import { columns } from './columns.js'
import type { SourceName } from './completion/sources.js'

/** What the options of a connection are listed under. */
export const connectionGroup = 'Connection:'

/** A command with examples. */
export class CliCommand extends Command {
  readonly examples: string[] = []
  /** What people mostly do after it: a command, and what for. */
  readonly next: (readonly [line: string, what: string])[] = []
  /** What shells complete its arguments and options with, by name: `action`, `--tool`. */
  readonly completions: Record<string, SourceName> = {}

  /** Adds a line that could be typed as it is. */
  example(line: string): this {
    this.examples.push(line)
    return this
  }

  /** Says what comes next, in the help. */
  leadsTo(line: string, what: string): this {
    this.next.push([line, what])
    return this
  }

  /** Says what the values of arguments and options are names of. */
  completing(sources: Readonly<Record<string, SourceName>>): this {
    Object.assign(this.completions, sources)
    return this
  }

  override createHelp(): Help {
    const help = super.createHelp()
    help.minWidthToWrap = 20
    const describe = help.optionDescription.bind(help)
    help.optionDescription = (option) => `${describe(option)}${option.mandatory ? ' (required)' : ''}`
    return help
  }

  override helpInformation(): string {
    const examples = this.examples.map((line) => `\n  ${line}`).join('')
    const next = columns(this.next.map(([line, what]) => [`  ${line}`, what]))
    return [
      super.helpInformation(),
      ...(examples === '' ? [] : [`\n${this.examples.length === 1 ? 'Example' : 'Examples'}:${examples}\n`]),
      ...(next === '' ? [] : [`\nNext:\n${next}\n`]),
    ].join('')
  }
}

/** `nameAndArgs` as commander has it: `get <id>`. */
export function command(nameAndArgs: string, summary: string): CliCommand {
  const [name = '', ...args] = nameAndArgs.split(' ')
  const made = new CliCommand(name).description(summary).helpOption('-h, --help', 'Show this help.').helpCommand(false)
  for (const arg of args) made.argument(arg)
  return made
}

/** A command that writes data. */
export function dataCommand(nameAndArgs: string, summary: string): CliCommand {
  return command(nameAndArgs, summary).addOption(outputOption())
}

/** A command that talks to the server. */
export function apiCommand(nameAndArgs: string, summary: string): CliCommand {
  return dataCommand(nameAndArgs, summary)
    .addOption(apiOption())
    .addOption(connection('--token <token>', 'The bearer token; better: EXEQUATUR_TOKEN.').conflicts('as'))
    .addOption(connection('--as <name>', 'An agent or a person of the stack on this machine, by name.'))
    .completing({ '--as': 'principals' })
}

/** `--api`: which server. */
export function apiOption(): Option {
  return connection('--api <url>', 'The server; else EXEQUATUR_API, else the stack on this machine.')
}

function connection(flags: string, meaning: string): Option {
  return new Option(flags, meaning).helpGroup(connectionGroup)
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'How data is written to standard output.')
    .choices(['text', 'json'])
    .default('text')
}

/** `--wait [seconds]`: a number of seconds, without one as long as it takes. */
export function waitOption(): Option {
  return new Option('--wait [seconds]', 'Wait until the action ends, at most so many seconds.').argParser(seconds)
}

/** The longest time to wait, in seconds; 0 for not at all. */
export function waitOf(wait: number | true | undefined): number {
  return wait === true ? Number.POSITIVE_INFINITY : (wait ?? 0)
}

function seconds(text: string): number {
  const value = Number(text)
  if (text === '' || !(value > 0)) throw new InvalidArgumentError('It takes seconds; write it after the id.')
  return value
}

/** A length of time in seconds, of a tenth at least. */
export function someSeconds(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0.1 && value <= 3_600))
    throw new InvalidArgumentError('It takes 0.1 to 3600 seconds.')
  return value
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || value < 1) throw new InvalidArgumentError('It takes a whole number.')
  return value
}

/** Collects the values of an option that may be given several times. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
