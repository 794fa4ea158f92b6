import { readFileSync } from 'node:fs'
import { packageRoot } from '../package-root.js'
import { type CliCommand, command } from './cli-command.js'
import { columns } from './columns.js'
import { account } from './commands/account.js'
import { agent } from './commands/agent.js'
import { amend } from './commands/amend.js'
import { approve } from './commands/approve.js'
import { attention } from './commands/attention.js'
import { budgets } from './commands/budgets.js'
import { cancel } from './commands/cancel.js'
import { complete } from './commands/complete.js'
import { completion } from './commands/completion.js'
import { deliveries } from './commands/deliveries.js'
import { dev } from './commands/dev.js'
import { downstreams } from './commands/downstreams.js'
import { executor } from './commands/executor.js'
import { get } from './commands/get.js'
import { group } from './commands/group.js'
import { inbox } from './commands/inbox.js'
import { key } from './commands/key.js'
import { list } from './commands/list.js'
import { login } from './commands/login.js'
import { logout } from './commands/logout.js'
import { migrate } from './commands/migrate.js'
import { person } from './commands/person.js'
import { policy } from './commands/policy.js'
import { reconcile } from './commands/reconcile.js'
import { reject } from './commands/reject.js'
import { replay } from './commands/replay.js'
import { resume } from './commands/resume.js'
import { review } from './commands/review.js'
import { server } from './commands/server.js'
import { serverKey } from './commands/server-key.js'
import { service } from './commands/service.js'
import { shadow } from './commands/shadow.js'
import { show } from './commands/show.js'
import { slack } from './commands/slack.js'
import { stop } from './commands/stop.js'
import { stops } from './commands/stops.js'
import { submit } from './commands/submit.js'
import { tools } from './commands/tools.js'
import { trail } from './commands/trail.js'
import { verify } from './commands/verify.js'
import { watch } from './commands/watch.js'
import { withdraw } from './commands/withdraw.js'
import { exitCodes } from './exit-codes.js'
import type { Run } from './session.js'

/** All commands, by what they are for. */
const groups = {
  'Ask and follow:': [submit, get, list, watch, cancel, tools],
  'Sign in:': [login, logout, slack],
  'Decide:': [inbox, show, approve, reject, withdraw, amend, attention, key],
  'Stop:': [stop, resume, stops, budgets],
  'Look back:': [review, trail, replay, reconcile, shadow, downstreams, deliveries],
  'Govern:': [policy, agent, person, service, group, account],
  'Run:': [dev, server, executor, migrate, serverKey, verify],
  'Command line:': [completion],
} as const

/** The whole command line. `run` makes each command's action. */
export function buildProgram(run: Run): CliCommand {
  const program = command('exq', 'Exequatur: lets agents act on production systems without root.')
    .commandsGroup('Command line:')
    .helpCommand('help [command]', 'Show the help of a command.')
    .version(readVersion(), '-V, --version', 'Show the version.')
  for (const [group, commands] of Object.entries(groups)) {
    for (const make of commands) program.addCommand(make(run).helpGroup(group))
  }
  program.addCommand(complete(run), { hidden: true })
  return program.addHelpText('after', `\nExit codes:\n${exitCodeLines()}\n`)
}

function exitCodeLines(): string {
  return columns(Object.values(exitCodes).map(({ code, meaning }) => [`  ${code}`, meaning]))
}

function readVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }).version
}
