import { canonical } from '../../digest.js'
import type { KeyEndorsement } from '../../domain/key-registration.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import { cliError, usageError } from '../cli-error.js'
import { confirm } from '../confirm.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { ownKeyAmong, signWith } from '../person-keys.js'
import type { Run } from '../session.js'
import { isInteractive } from '../terminal.js'

type Options = ConnectionOptions & { readonly yes?: true }

export function keyEndorse(run: Run): CliCommand {
  return apiCommand(
    'endorse <public-key>',
    'Sign for a passkey that you are making in the inbox; the page tells its public key.',
  )
    .option('-y, --yes', 'Do not ask whether that passkey is yours.')
    .example('exq key endorse MCowBQYDK2VwAyEA1pLQ4t2aUeQ2vS1cD8mE5rT7yU9iO0pA3sD5fG7hJ8k --as person:ann')
    .leadsTo('exq inbox --open', 'put what it prints into the page that asked for it')
    .action(
      run(async (session, publicKey: string, { yes, ...options }: Options) => {
        const { output, terminal } = session
        if (!/^[\w-]{40,2000}$/.test(publicKey)) throw usageError('a public key is base64url', 'exq key endorse')
        const { tenant, principal, items } = await session.api(options).listKeys()
        const own = ownKeyAmong(terminal, items)
        if (!own) throw cliError('EXQ-4013', `none of the keys of ${principal} is on this machine`)
        output.say(
          `Whoever holds that passkey will decide as ${principal}. Sign for none that somebody else shows you.`,
        )
        const sure = yes || (isInteractive(terminal) && !output.json && (await confirm('Are you making it right now?')))
        if (!sure) {
          output.say('Nothing was signed.')
          return exitCodes.error.code
        }
        const statement: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key: publicKey }
        const endorsement = { key_id: own.key_id, signature: signWith(own.key, canonical(statement)) }
        output.show(endorsement, ({ key_id, signature }) => `${key_id} ${signature}`)
        return exitCodes.ok.code
      }),
    )
}
