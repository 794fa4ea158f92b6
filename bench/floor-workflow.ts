import { proxyLocalActivities, scheduleActivity } from '@temporalio/workflow'
import { type Call, effectQueue, type FloorActivities, type Shape } from './floor-shape.js'

const { nothing } = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '10s' })

/** A bare workflow: the activities of a governed action, in the same order, with nothing around them. */
export async function floor(shape: Shape, call: Call): Promise<void> {
  let output: unknown = null
  for (const step of shape) {
    if (step === 'local') {
      await nothing()
      continue
    }
    const answer = await scheduleActivity(call.tool, [{ ...call, phase: step, output }], {
      taskQueue: effectQueue,
      startToCloseTimeout: '30s',
    })
    if (step === 'execute') output = answer
  }
}
