import type { Argument, Command, Option } from 'commander'
import { apiCommand, type CliCommand, connectionGroup } from '../cli/cli-command.js'
import { exitCodes } from '../cli/exit-codes.js'
import { buildProgram } from '../cli/program.js'
import { row } from './markdown.js'

/** The page `docs/CLI.md`: every command, option and exit code. */
export function describeCli(): string {
  const program = buildProgram(() => async () => undefined)
  const connectionOptions = apiCommand('any', '').options.filter(isConnection)
  const codes = Object.values(exitCodes).map(({ code, meaning }) => row(String(code), meaning))
  return [
    '# Command line',
    '',
    '`exequatur`, short `exq`; from a clone, `npx exq`. Data goes to standard output, talk to standard error.',
    'With `-o json` data is JSON of a stable shape, and an error is a JSON object on standard error.',
    'Colour and moving lines only appear on a terminal, never where NO_COLOR or CI is set; nothing is asked without one.',
    '',
    '## Connection',
    '',
    'Commands that talk to the server take these. Without `--api` it is EXEQUATUR_API, else the stack of this machine',
    '(`dev.json` in EXEQUATUR_HOME); without `--token` and `--as` it is EXEQUATUR_TOKEN, else the sign-in of `exq login`.',
    '',
    row('Option', 'Meaning'),
    row('---', '---'),
    ...connectionOptions.map(describeOption),
    '',
    '## Exit codes',
    '',
    row('Code', 'Meaning'),
    row('---', '---'),
    ...codes,
    '',
    '## Commands',
    ...leaves(program, 'exq').flatMap(([name, command]) => ['', ...describeCommand(name, command)]),
    '',
  ].join('\n')
}

function leaves(command: Command, name: string): [string, CliCommand][] {
  if (command.commands.length === 0) return [[name, command as CliCommand]]
  const own: [string, CliCommand][] = command.registeredArguments.length > 0 ? [[name, command as CliCommand]] : []
  const shown = command.createHelp().visibleCommands(command)
  const below = command.commands.filter((each) => shown.includes(each))
  return [...own, ...below.flatMap((each) => leaves(each, `${name} ${each.name()}`))]
}

function describeCommand(name: string, command: CliCommand): string[] {
  const args = command.registeredArguments.map(argumentName)
  const options = command.options.filter((option) => !isConnection(option))
  const talks = options.length < command.options.length
  return [
    `### ${name}`,
    '',
    command.description() + (talks ? ' Takes the options of a connection.' : ''),
    '',
    '```',
    [name, ...(options.length > 0 ? ['[options]'] : []), ...args].join(' '),
    '```',
    ...(options.length > 0 ? ['', row('Option', 'Meaning'), row('---', '---'), ...options.map(describeOption)] : []),
    '',
    '```sh',
    ...command.examples,
    '```',
  ]
}

function isConnection({ helpGroupHeading }: Option): boolean {
  return helpGroupHeading === connectionGroup
}

function argumentName(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

function describeOption({ flags, description, mandatory, argChoices, defaultValue }: Option): string {
  const notes = [
    ...(mandatory ? ['Required.'] : []),
    ...(argChoices ? [`One of ${argChoices.join(', ')}.`] : []),
    ...(defaultValue === undefined ? [] : [`Default: ${defaultValue}.`]),
  ]
  return row(`\`${flags}\``, [description, ...notes].join(' '))
}
