import { ExequaturError } from '../domain/errors.js'
import { inTransaction } from '../ledger/pool.js'
import { loadPolicyChanges } from '../ledger/queries/load-policy-changes.js'
import { publishPolicyChange } from '../ledger/queries/publish-policy-set.js'
import { recordPolicyAgreement } from '../ledger/queries/record-policy-agreement.js'
import { takeAuthority } from '../ledger/queries/take-authority.js'
import { parsePolicySet } from '../policy/policy-set.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { hintWaiting } from './hint-waiting.js'
import { requireValid } from './judge-policy-change.js'
import { getPolicyChange } from './list-policy-changes.js'
import { type PolicyChangeView, stateOf } from './policy-change-view.js'
import { requireKeeper } from './policy-keepers.js'

/**
 * Records that a person agrees to a change of policies, or objects; one objection ends it. The last agreement that is
 * needed puts it in force. One person is one, whatever the account. Throws `EXQ-2002`, `EXQ-3002`, `EXQ-3011`-`EXQ-3014`.
 */
export async function agreeToPolicies(
  plane: ControlPlane,
  caller: Caller,
  changeId: string,
  said: { readonly vote: 'agree' | 'object'; readonly reason: string },
): Promise<PolicyChangeView> {
  for (let present = caller; ; present = await authenticateAgain(plane.authorities, present)) {
    requireKeeper(plane, present)
    const { authority, tenant } = present
    const held = await inTransaction(plane.pool, async (db) => {
      if ((await takeAuthority(db, tenant)) !== authority.revision) return 'moved'
      const [row] = await loadPolicyChanges(db, tenant, { changeId, limit: 1 })
      if (!row) throw new ExequaturError('EXQ-3012', changeId)
      const state = stateOf(row)
      const person = present.principal.principal
      const again = row.agreements.some((each) => each.person === person && each.vote === said.vote)
      if (again && state !== 'waiting') return 'held'
      if (state !== 'waiting') throw new ExequaturError('EXQ-3013', `${changeId} is ${state}`)
      if (said.vote === 'agree') requireValid(parsePolicySet(row.policies), authority, plane.groups)
      await recordPolicyAgreement(db, tenant, changeId, { person, ...said })
      return (await publishPolicyChange(db, tenant, changeId)) ? 'in-force' : 'held'
    })
    if (held === 'in-force') void hintWaiting(plane, tenant)
    if (held !== 'moved') return getPolicyChange(plane, present, changeId)
  }
}
