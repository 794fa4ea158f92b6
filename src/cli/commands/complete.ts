import type { Command } from 'commander'
import { type CliCommand, command } from '../cli-command.js'
import { candidates } from '../completion/candidates.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run } from '../session.js'

/** For the scripts of `exq completion`: what could stand where the last word is typed, a candidate a line. Never an error. */
export function complete(run: Run): CliCommand {
  return command('complete [words...]', 'Tell what could come next on a command line.')
    .action(
      run(async ({ terminal }, words: readonly string[], _options: object, { parent }: Command) => {
        const offered = parent ? await candidates(parent, words, terminal).catch(() => []) : []
        const lines =
          offered === 'files' ? [':files'] : offered.map(([value, meaning]) => `${value}\t${brief(meaning)}`)
        if (lines.length > 0) terminal.stdout.write(`${lines.join('\n')}\n`)
        return exitCodes.ok.code
      }),
    )
    .example('exq complete -- approve apr_')
}

/** The first sentence at most, on one line that acts on nothing. */
function brief(meaning: string): string {
  const [sentence = ''] = meaning.split(/[.;:] /)
  const text = inert(sentence.replace(/\.$/, ''))
  return text.length > 70 ? `${text.slice(0, 69)}…` : text
}
