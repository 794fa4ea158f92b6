import { expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { ActionView } from '../../src/control-plane/action-view.js'
import type { ApprovalView } from '../../src/control-plane/approval-view.js'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import type { ChangesView } from '../../src/control-plane/changes-view.js'
import type { KeyView } from '../../src/control-plane/keys.js'
import type { WholeView } from '../../src/control-plane/list-approvals.js'
import type { PrincipalGlance } from '../../src/control-plane/list-principals.js'
import type { ToolView } from '../../src/control-plane/list-tools.js'
import type { TrailView } from '../../src/control-plane/read-trail.js'
import type { meShape } from '../../src/http/me-shapes.js'
import type {
  Action,
  Agent,
  Approval,
  Attention,
  Changes,
  Key,
  Me,
  Tool,
  Trail,
  Whole,
} from '../../src/inbox/api/views.js'

// The check of types decides on these: running them only shows that they are there.
test('the page reads nothing that the API does not answer with', () => {
  expectTypeOf<ApprovalView>().toExtend<Approval>()
  expectTypeOf<WholeView>().toExtend<Whole>()
  expectTypeOf<AttentionView>().toExtend<Attention>()
  expectTypeOf<ChangesView>().toExtend<Changes>()
  expectTypeOf<ActionView>().toExtend<Action>()
  expectTypeOf<TrailView>().toExtend<Trail>()
  expectTypeOf<PrincipalGlance>().toExtend<Agent>()
  expectTypeOf<ToolView>().toExtend<Tool>()
  expectTypeOf<KeyView>().toExtend<Key>()
  expectTypeOf<z.infer<typeof meShape>>().toExtend<Me>()
})
