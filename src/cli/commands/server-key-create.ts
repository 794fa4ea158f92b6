import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ExequaturError } from '../../domain/errors.js'
import { type CliCommand, dataCommand } from '../cli-command.js'
import { exitCodes } from '../exit-codes.js'
import type { Run } from '../session.js'

export function serverKeyCreate(run: Run): CliCommand {
  return dataCommand(
    'create <folder>',
    'Make the Ed25519 key pair of a deployment: the server signs what it vouches for, executors check it.',
  )
    .example('exq server-key create /etc/exequatur')
    .action(
      run(async ({ terminal, output }, folder: string) => {
        const made = createKeys(resolve(terminal.cwd, folder))
        output.show(made, ({ signing_key, verify_key }) =>
          [`EXEQUATUR_SIGNING_KEY_FILE=${signing_key}`, `EXEQUATUR_VERIFY_KEY_FILE=${verify_key}`].join('\n'),
        )
        output.say('The first is a secret of the server; executors get the second.')
        return exitCodes.ok.code
      }),
    )
}

/** Writes two PEM files for their owner only. Keys that are there already are never replaced. */
function createKeys(folder: string): { signing_key: string; verify_key: string } {
  const files = { signing_key: join(folder, 'signing-key.pem'), verify_key: join(folder, 'verify-key.pem') }
  const present = Object.values(files).find((file) => existsSync(file))
  if (present) throw new ExequaturError('EXQ-7007', `${present} exists already, and keys are never replaced`)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(files.signing_key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  writeFileSync(files.verify_key, publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return files
}
