import { runCli } from './run-cli.js'
import { processTerminal } from './terminal.js'

// A reader that has seen enough (`exq list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const exitCode = await runCli(process.argv.slice(2), processTerminal())
process.exitCode = exitCode
// A server that could not start may still hold connections; one that did start stays.
if (exitCode !== 0) process.stdout.write('', () => process.exit(exitCode))
