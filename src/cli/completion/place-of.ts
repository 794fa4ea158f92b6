import type { Argument, Command, Option } from 'commander'

/** Where on a command line something is to be completed. */
export interface Place {
  readonly command: Command
  /** The arguments of the command that are typed already. */
  readonly args: readonly string[]
  /** What options were given before, with their values, by their long flag. */
  readonly given: ReadonlyMap<string, string>
  readonly wants:
    | { readonly kind: 'value'; readonly option: Option; readonly typed: string; readonly before: string }
    | {
        readonly kind: 'word'
        readonly argument: Argument | null
        readonly typed: string
        readonly mayBeOption: boolean
      }
}

/** Follows the words after the name of the program; the last one is still being typed. */
export function placeOf(program: Command, words: readonly string[]): Place {
  const typed = words.at(-1) ?? ''
  const given = new Map<string, string>()
  let command = program
  let args: string[] = []
  let open: Option | null = null
  let optionsEnded = false
  for (const word of words.slice(0, -1)) {
    if (open && !(open.optional && word.startsWith('-'))) {
      given.set(nameOf(open), word)
      open = null
    } else if (word === '--') optionsEnded = true
    else if (!optionsEnded && word.startsWith('-')) {
      const [option, value] = optionIn(command, word)
      if (option) given.set(nameOf(option), value ?? '')
      open = option && value === null && takesValue(option) ? option : null
    } else {
      // What `help` is followed by is what could stand without it.
      if (word === 'help' && command === program) continue
      const next = args.length === 0 ? commandsIn(command).find((each) => each.name() === word) : undefined
      if (!next) args.push(word)
      command = next ?? command
      if (next) args = []
    }
  }
  const place = { command, args, given }
  if (open && !(open.optional && typed.startsWith('-')))
    return { ...place, wants: { kind: 'value', option: open, typed, before: '' } }
  const [option, value] = optionsEnded ? [null, null] : optionIn(command, typed)
  if (option && value !== null && takesValue(option)) {
    const before = typed.slice(0, typed.length - value.length)
    return { ...place, wants: { kind: 'value', option, typed: value, before } }
  }
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  const argument = registeredArguments[args.length] ?? (last?.variadic ? last : null)
  return { ...place, wants: { kind: 'word', argument, typed, mayBeOption: !optionsEnded } }
}

/** What the help of a command lists, `help` too. */
export function commandsIn(command: Command): Command[] {
  return command.createHelp().visibleCommands(command)
}

export function nameOf(option: Option): string {
  return option.long ?? option.short ?? ''
}

/** The option that a word names, and the value it brings along: `--output=json`, `-ojson`. */
function optionIn({ options }: Command, word: string): [Option | null, string | null] {
  if (word.startsWith('--')) {
    const [, flag, value = null] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    return [options.find(({ long }) => long === flag) ?? null, value]
  }
  if (!/^-./.test(word)) return [null, null]
  const option = options.find(({ short }) => short === word.slice(0, 2)) ?? null
  return [option, word.length > 2 ? word.slice(2) : null]
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional
}
