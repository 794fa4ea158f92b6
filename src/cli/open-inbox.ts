import type { ConnectionOptions } from './connection.js'
import { exitCodes } from './exit-codes.js'
import type { Session } from './session.js'

/** Gives the address that signs somebody in at the inbox. */
export async function openInbox(session: Session, options: ConnectionOptions) {
  const link = await session.api(options).makeSignInLink()
  session.output.show(link, ({ url }) => url)
  session.output.say('Open it in a browser within ten minutes. It works once, and whoever opens it is you.')
  return exitCodes.ok.code
}
