import type { Argument, Command, Option } from 'commander'
import type { CliCommand } from './cli-command.js'
import { exitCodes } from './exit-codes.js'
import { buildProgram } from './program.js'

/** The page `docs/CLI.md`: every command, option and exit code. */
export function describeCli(): string {
  const program = buildProgram(() => async () => undefined)
  const codes = Object.values(exitCodes).map(({ code, meaning }) => row(String(code), meaning))
  return [
    '# Command line',
    '',
    '`exequatur`, short `exq`; from a clone, `npx exq`. Data goes to standard output, talk to standard error.',
    'With `-o json` data is JSON of a stable shape, and an error is a JSON object on standard error.',
    'Colour and moving lines only appear on a terminal, never where NO_COLOR or CI is set; nothing is asked without one.',
    '',
    'Whom a command talks to: `--api`, else EXEQUATUR_API, else the stack of this machine (`dev.json` in EXEQUATUR_HOME).',
    'As whom: `--token` or `--as`, else EXEQUATUR_TOKEN. `--as` takes a token from `dev.json`, by name.',
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
  return command.commands.flatMap((each) => leaves(each, `${name} ${each.name()}`))
}

function describeCommand(name: string, command: CliCommand): string[] {
  const args = command.registeredArguments.map(argumentName)
  const options = command.options.filter(({ hidden }) => !hidden)
  return [
    `### ${name}`,
    '',
    command.description(),
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

function argumentName(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
}

function describeOption({ flags, description, mandatory, argChoices, defaultValue }: Option): string {
  const notes = [
    ...(mandatory ? ['Required.'] : []),
    ...(argChoices ? [`One of ${argChoices.join(', ')}.`] : []),
    ...(defaultValue === undefined ? [] : [`Default: ${defaultValue}.`]),
  ]
  return row(`\`${flags}\``, [description, ...notes].join(' '))
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
