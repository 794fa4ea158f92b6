import { rmSync } from 'node:fs'
import { canonical } from '../../digest.js'
import type { KeyEndorsement, KeyPossession } from '../../domain/key-registration.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { keepKey, makeKeyPair, ownKeyAmong, signWith } from '../person-keys.js'
import type { Run } from '../session.js'

export function keyCreate(run: Run): CliCommand {
  return apiCommand(
    'create',
    'Make a key of your own on this machine, and register its public half: from then on your votes are signed by it.',
  )
    .example('exq key create --as person:ann')
    .leadsTo('exq approve <approval>', 'from now on signed by this key')
    .action(
      run(async (session, options: ConnectionOptions) => {
        const { output, terminal } = session
        const api = session.api(options)
        const { tenant, principal, items } = await api.listKeys()
        const { key_id, privateKey, public_key } = makeKeyPair()
        const possession: KeyPossession = { purpose: 'register-key', tenant, principal, public_key }
        const further: KeyEndorsement = { ...possession, purpose: 'endorse-key' }
        const own = ownKeyAmong(terminal, items)
        const endorsement = own && { key_id: own.key_id, signature: signWith(own.key, canonical(further)) }
        // Kept before it is registered: a key that is registered and lost could only be revoked.
        const file = keepKey(terminal, key_id, privateKey)
        const registered = await api
          .registerKey({
            public_key,
            proof: signWith(privateKey, canonical(possession)),
            ...(endorsement && { endorsement }),
          })
          .catch((error) => {
            rmSync(file)
            throw error
          })
        output.show({ ...registered, file }, ({ key_id }) => key_id)
        output.say(`${file} is your secret: it was not sent anywhere, and it signs for nobody but you.`)
        return exitCodes.ok.code
      }),
    )
}
