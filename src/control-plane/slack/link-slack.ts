import { randomBytes } from 'node:crypto'
import { ExequaturError } from '../../domain/errors.js'
import type { SlackLinkEndorsement } from '../../domain/slack-link.js'
import { hashToken } from '../../identity/token.js'
import { findSlackCode } from '../../ledger/queries/find-slack-code.js'
import { hadKeys } from '../../ledger/queries/had-keys.js'
import { recordAccount } from '../../ledger/queries/record-account.js'
import { recordSlackCode } from '../../ledger/queries/record-slack-code.js'
import { useSlackCode } from '../../ledger/queries/use-slack-code.js'
import { changeAuthority } from '../change-authority.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { leaveRefusal } from '../leave-refusal.js'
import { isEndorsed, requirePresent } from '../record-own-key.js'
import { requirePerson } from '../require-person.js'
import { requireFreshSignIn } from '../sign-in/require-fresh-sign-in.js'
import type { Proof } from '../signed-statement.js'
import { type SlackUser, slackIssuer } from './slack-user.js'

/** Who in Slack a code is of. The name is what they call themselves. */
export interface SlackUserView {
  readonly team: string
  readonly user: string
  readonly name: string | null
}

/** A Slack user and the person whose it is from now on. */
export interface SlackLinkView extends SlackUserView {
  readonly principal: string
  /** Other users of the workspace that were this person until now. */
  readonly unlinked: readonly string[]
}

const codeTtlMs = 10 * 60_000

/**
 * A code for somebody in Slack, who then says where they are signed in that this is them. It is shown once and stored as
 * a hash. It gives nobody anything: only a person who confirms it gives away the power to decide in their own name.
 */
export async function giveSlackCode(
  { pool }: Pick<ControlPlane, 'pool'>,
  { tenant, team, user }: SlackUser,
  name: string | null,
): Promise<{ readonly code: string; readonly expires_at: string }> {
  const code = `exqs_${randomBytes(20).toString('base64url')}`
  const row = { code_hash: hashToken(code), team, slack_user: user, shown_name: name }
  return { code, expires_at: await recordSlackCode(pool, tenant, row, codeTtlMs) }
}

/** Who is behind a code, to be looked at before confirming. Throws `EXQ-2002`, `EXQ-5048`. */
export async function lookAtSlackCode(
  { pool }: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  code: string,
): Promise<SlackUserView> {
  requirePerson(caller, 'be linked to a Slack user')
  const found = await findSlackCode(pool, caller.tenant, hashToken(code))
  if (!found) throw new ExequaturError('EXQ-5048', 'it is unknown, too old, or was used')
  return { team: found.team, user: found.slack_user, name: found.shown_name }
}

/**
 * Makes the Slack user behind a code the caller: what they decide there is the caller's. Uses the code up. Where the caller
 * has keys, or had, as for a further key, a live one signs for it: a session alone does not get around them. Where there
 * was none, a session has to be fresh. That it did not leaves a refusal. Throws `EXQ-2001`, `EXQ-2002`, `EXQ-2018`,
 * `EXQ-2019`, `EXQ-2036`, `EXQ-5044`, `EXQ-5048`.
 */
export async function linkSlack(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  { code, endorsement }: { readonly code: string; readonly endorsement?: Proof | undefined },
): Promise<SlackLinkView> {
  const found = await lookAtSlackCode(plane, caller, code)
  const { team, user } = found
  return leaveRefusal(plane, caller, { link: { team, user } }, () => link(plane, caller, code, found, endorsement))
}

async function link(
  { pool }: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  code: string,
  { team, user, name }: SlackUserView,
  endorsement: Proof | undefined,
): Promise<SlackLinkView> {
  const { tenant } = caller
  const { principal } = caller.principal
  const issuer = slackIssuer(team)
  return changeAuthority(pool, tenant, async (db, present) => {
    const { principals, accounts } = present
    if (principals.find((row) => row.principal === principal)?.state !== 'live')
      throw new ExequaturError('EXQ-2018', `${principal} is not live: nothing can be linked to it`)
    requirePresent(present, caller)
    const known = accounts.find((row) => row.issuer === issuer && row.subject === user && row.state === 'live')
    if (known && known.principal !== principal)
      throw new ExequaturError('EXQ-2019', `${user} of ${team} is ${known.principal}`)
    const statement: SlackLinkEndorsement = { purpose: 'link-slack', tenant, principal, team, user }
    if (!isEndorsed(present, statement, endorsement)) {
      if (await hadKeys(db, tenant, principal))
        throw new ExequaturError('EXQ-5044', `no live key of ${principal} signed for ${user} of ${team}`)
      await requireFreshSignIn(db, caller)
    }
    if (!(await useSlackCode(db, tenant, hashToken(code), principal)))
      throw new ExequaturError('EXQ-5048', 'it was used in the meantime')
    // Of several Slack users of one person only the newest is: nobody keeps a way in that was forgotten.
    const before = accounts.filter(
      (row) => row.principal === principal && row.issuer === issuer && row.state === 'live',
    )
    for (const account of before) await recordAccount(db, tenant, { ...account, state: 'removed' }, principal)
    await recordAccount(db, tenant, { issuer, subject: user, principal, state: 'live' }, principal)
    const unlinked = before.map(({ subject }) => subject).filter((subject) => subject !== user)
    return { team, user, name, principal, unlinked }
  })
}

/** From now on the Slack user is nobody: what was approved by it and is not used yet counts no more. */
export async function unlinkSlack(
  { pool }: Pick<ControlPlane, 'pool'>,
  { tenant, team, user }: SlackUser,
): Promise<boolean> {
  const issuer = slackIssuer(team)
  return changeAuthority(pool, tenant, async (db, { accounts }) => {
    const known = accounts.find((row) => row.issuer === issuer && row.subject === user && row.state === 'live')
    if (known) await recordAccount(db, tenant, { ...known, state: 'removed' }, known.principal)
    return known !== undefined
  })
}

/**
 * Makes a Slack user a person because the configuration names the e-mail address that Slack confirmed. Not where that
 * person, or that user, was linked or unlinked before: what people decided stays. Resolves to whether it did.
 */
export async function linkByEmail(
  { pool }: Pick<ControlPlane, 'pool'>,
  { tenant, team, user }: SlackUser,
  principal: string,
): Promise<boolean> {
  const issuer = slackIssuer(team)
  return changeAuthority(pool, tenant, async (db, { principals, accounts }) => {
    const live = principals.some((row) => row.principal === principal && row.state === 'live')
    const decided = accounts.some(
      (row) => row.issuer === issuer && (row.subject === user || row.principal === principal),
    )
    if (!live || decided) return false
    await recordAccount(db, tenant, { issuer, subject: user, principal, state: 'live' }, 'config:slack.emails')
    return true
  })
}
