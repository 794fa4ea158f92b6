import { ExequaturError } from '../domain/errors.js'
import { inTransaction } from '../ledger/pool.js'
import { publishPolicyChange } from '../ledger/queries/publish-policy-set.js'
import { recordPolicyAgreement } from '../ledger/queries/record-policy-agreement.js'
import { recordPolicyChange } from '../ledger/queries/record-policy-change.js'
import { takeAuthority } from '../ledger/queries/take-authority.js'
import { type PolicyFiles, parsePolicySet } from '../policy/policy-set.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { hintWaiting } from './hint-waiting.js'
import { judgePolicyChange, requireValid } from './judge-policy-change.js'
import { getPolicyChange } from './list-policy-changes.js'
import type { PolicyChangeView } from './policy-change-view.js'
import { requireKeeper } from './policy-keepers.js'

/**
 * Proposes policy files in the name of a person who keeps the policies; whoever proposes agrees. What only tightens goes
 * in force at once, what loosens when enough people agreed. The same proposal again is the same change. Throws
 * `EXQ-2002`, `EXQ-3002`, `EXQ-3011`, `EXQ-3014`, `EXQ-3015`.
 */
export async function proposePolicies(
  plane: ControlPlane,
  caller: Caller,
  proposal: { readonly policies: PolicyFiles; readonly note: string },
): Promise<PolicyChangeView> {
  const set = parsePolicySet(proposal.policies)
  for (let present = caller; ; present = await authenticateAgain(plane.authorities, present)) {
    requireKeeper(plane, present)
    const { authority, tenant } = present
    const author = present.principal.principal
    requireValid(set, authority, plane.groups)
    const base = authority.policySet
    if (!base)
      throw new ExequaturError('EXQ-3002', `no policy set is in force in ${tenant} yet: the server publishes it`)
    if (base.digest === set.digest) throw new ExequaturError('EXQ-3015', set.digest)
    const wanted = { files: proposal.policies, set, author, note: proposal.note }
    const change = judgePolicyChange(plane, authority, base, wanted)
    const held = await inTransaction(plane.pool, async (db) => {
      if ((await takeAuthority(db, tenant)) !== authority.revision) return 'moved'
      await recordPolicyChange(db, change)
      await recordPolicyAgreement(db, tenant, change.change_id, {
        person: author,
        vote: 'agree',
        reason: proposal.note,
      })
      return (await publishPolicyChange(db, tenant, change.change_id)) ? 'in-force' : 'held'
    })
    if (held === 'in-force') void hintWaiting(plane, tenant)
    if (held !== 'moved') return getPolicyChange(plane, present, change.change_id)
  }
}
