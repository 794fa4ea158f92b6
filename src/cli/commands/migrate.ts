import { type CliCommand, dataCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import { databaseUrl, explainDatabase } from '../ledger-access.js'
import type { Run } from '../session.js'

export function migrate(run: Run): CliCommand {
  return dataCommand(
    'migrate',
    'Bring the database in DATABASE_URL, whose login must be its owner, to the present schema.',
  )
    .example('DATABASE_URL=postgres://owner@db.internal/exequatur exq migrate')
    .leadsTo('exq server', 'run the API and the decision worker')
    .action(
      run(async ({ terminal, output }) => {
        const url = databaseUrl(terminal)
        const ledger = await import('../../ledger/migrate.js')
        await output.during('Migrating the ledger ...', () => explainDatabase(url, () => ledger.migrate(url)))
        output.show({ migrated: true }, () => 'The ledger has the present schema.')
        return exitCodes.ok.code
      }),
    )
}
