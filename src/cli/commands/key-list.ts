import { apiCommand, type CliCommand } from '../cli-command.js'
import { columns } from '../columns.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { readKey } from '../person-keys.js'
import type { Run } from '../session.js'

export function keyList(run: Run): CliCommand {
  return apiCommand('list', 'List your live keys, and which of them are on this machine.')
    .example('exq key list --as person:ann')
    .action(
      run(async (session, options: ConnectionOptions) => {
        const { items } = await session.api(options).listKeys()
        const keys = items.map((key) => ({ ...key, here: readKey(session.terminal, key.key_id) !== null }))
        session.output.show({ items: keys }, ({ items }, paint) =>
          items.length === 0
            ? paint.dim('No key is registered: `exq key create`.')
            : columns(
                items.map(({ key_id, kind, origin, registered_at, here }) => [
                  key_id,
                  `registered ${registered_at}`,
                  kind === 'passkey' ? `for ${origin}` : here ? 'on this machine' : 'elsewhere',
                ]),
              ),
        )
        return exitCodes.ok.code
      }),
    )
}
