import type { Command, Option } from 'commander'
import { CliCommand, several } from '../cli-command.js'
import type { Terminal } from '../terminal.js'
import { commandsIn, nameOf, type Place, placeOf } from './place-of.js'
import { type Candidate, valuesFrom } from './sources.js'

/** What could stand where the last of the words is being typed: values with their meaning, or files. */
export async function candidates(
  program: Command,
  words: readonly string[],
  terminal: Pick<Terminal, 'env' | 'cwd'>,
): Promise<readonly Candidate[] | 'files'> {
  const place = placeOf(program, words)
  const { wants } = place
  const offered =
    wants.kind === 'value' ? await valuesOf(place, wants.option, terminal) : await wordsOf(place, terminal)
  if (offered === 'files') return offered
  const before = wants.kind === 'value' ? wants.before : ''
  return offered.flatMap(([value, meaning]) =>
    value.startsWith(wants.typed) && isPlain(value) ? [[before + value, meaning] as const] : [],
  )
}

/** Shells put a value into the line as it is, where it may come from a server: nothing in it may act on a shell. */
function isPlain(value: string): boolean {
  return /^[A-Za-z0-9_.:@/=+-]+$/.test(value)
}

async function valuesOf(
  place: Place,
  option: Option,
  terminal: Pick<Terminal, 'env' | 'cwd'>,
): Promise<readonly Candidate[] | 'files'> {
  if (option.argChoices) return option.argChoices.map((choice) => [choice, ''])
  if (isFile(/<(.+)>/.exec(option.flags)?.[1] ?? '')) return 'files'
  return named(place, nameOf(option), terminal)
}

async function wordsOf(place: Place, terminal: Pick<Terminal, 'env' | 'cwd'>): Promise<readonly Candidate[] | 'files'> {
  const { command, wants } = place
  if (wants.kind === 'value') return []
  if (wants.mayBeOption && wants.typed.startsWith('-')) return optionsOf(place)
  const commands = commandsIn(command)
  const offered = place.args.length === 0 ? commands.map((each) => [each.name(), each.description()] as const) : []
  if (!wants.argument) return commands.length === 0 && wants.mayBeOption ? optionsOf(place) : offered
  const name = wants.argument.name()
  if (isFile(name)) return 'files'
  if (wants.argument.argChoices) return wants.argument.argChoices.map((choice) => [choice, ''])
  return [...offered, ...(await named(place, name, terminal))]
}

/** By the name of what is wanted: `path`, `folder`, `request.json`. */
function isFile(name: string): boolean {
  return /^(path|file|folder|[a-z]+\.json)$/.test(name)
}

function named(place: Place, name: string, terminal: Pick<Terminal, 'env' | 'cwd'>): Promise<readonly Candidate[]> {
  const source = place.command instanceof CliCommand ? place.command.completions[name] : undefined
  return valuesFrom(source, place, terminal)
}

/** What was given is not offered again, unless it may be given several times. */
function optionsOf({ command, given }: Place): Candidate[] {
  const options = command.createHelp().visibleOptions(command)
  return options
    .filter((option) => !given.has(nameOf(option)) || (option.parseArg as unknown) === several)
    .map((option) => [nameOf(option), option.description])
}
