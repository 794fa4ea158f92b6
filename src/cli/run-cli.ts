import { type Command, CommanderError } from 'commander'
import { errorTable } from '../domain/errors.js'
import { type ShownError, toShownError, usageError } from './cli-error.js'
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-codes.js'
import { createOutput } from './output.js'
import { buildProgram } from './program.js'
import { createSession, type Run } from './session.js'
import { type Terminal, widthOf } from './terminal.js'

/** Runs one command line, without the name of the program. Resolves to the exit code; never rejects. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const output = createOutput(terminal, wantsJson(argv))
  const session = createSession(terminal, output)
  let exitCode: ExitCode = exitCodes.ok.code
  const run: Run =
    (work) =>
    async (...given) => {
      exitCode = await work(session, ...given)
    }
  const program = buildProgram(run)
  configure(program, terminal)
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok.code
    const shown = toShownError(error instanceof CommanderError ? fromCommander(error, program, argv) : error)
    output.error(withHelpOf(nameOf(program, argv), shown))
    return exitCodeOfError(shown.code)
  }
}

function configure(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.stdout.write(text),
    writeErr: (text) => terminal.stderr.write(text),
    // Thrown as well, and shown like every other error.
    outputError: () => undefined,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    getOutHelpWidth: () => widthOf(terminal, terminal.stdout),
    getErrHelpWidth: () => widthOf(terminal, terminal.stderr),
  })
  for (const each of command.commands) configure(each, terminal)
}

function fromCommander(error: CommanderError, program: Command, argv: readonly string[]): Error {
  const name = nameOf(program, argv)
  if (error.code === 'commander.help') return usageError('a command is missing', name)
  return usageError(error.message.replace(/^error: /, ''), name)
}

/** Whoever mistyped a command is sent to the help of that command. */
function withHelpOf(name: string, shown: ShownError): ShownError {
  const { remedy } = errorTable['EXQ-7007']
  return shown.code === 'EXQ-7007' && shown.remedy === remedy ? { ...shown, remedy: `See \`${name} --help\`.` } : shown
}

/** The command that was meant, as far as the words lead to one. */
function nameOf(program: Command, argv: readonly string[]): string {
  let command = program
  let name = program.name()
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word)
    if (!next) break
    command = next
    name += ` ${word}`
  }
  return name
}

/** Known before the command line is parsed, so that what is wrong with it is said in the right form. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  return words.some(
    (word, at) =>
      /^(-ojson|-o=json|--output=json)$/.test(word) ||
      ((word === '-o' || word === '--output') && words[at + 1] === 'json'),
  )
}
