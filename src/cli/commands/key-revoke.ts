import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function keyRevoke(run: Run): CliCommand {
  return apiCommand('revoke <key-id>', 'Revoke a key of your own, for ever: what it signed no longer counts.')
    .completing({ 'key-id': 'keys' })
    .example('exq key revoke ed25519:1f0c5a6be2d94c37 --as person:ann')
    .action(
      run(async (session, keyId: string, options: ConnectionOptions) => {
        const revoked = await session.api(options).revokeKey(keyId)
        session.output.show({ ...revoked, state: 'revoked' }, ({ key_id }) => `${key_id} is revoked.`)
        return exitCodes.ok.code
      }),
    )
}
