import { afterAll, describe, expect, test } from 'vitest'
import { startApi } from './cli-api-server.js'
import { exq, folderWith } from './cli-run.js'
import { action, actionId } from './cli-samples.js'

const at = '2026-06-17T10:00:00Z'
const event = (id: number, eventType: string, attributes: string, content: object) => ({
  eventId: String(id),
  eventTime: at,
  eventType: `EVENT_TYPE_${eventType}`,
  [`${attributes}EventAttributes`]: content,
})

/** The first four events of any run, then the given ones. */
function historyOf(workflowId: string, ...events: object[]) {
  const taskQueue = { name: 'exequatur', kind: 'TASK_QUEUE_KIND_NORMAL' }
  return {
    events: [
      event(1, 'WORKFLOW_EXECUTION_STARTED', 'workflowExecutionStarted', {
        workflowType: { name: 'actionRequest' },
        workflowId,
        taskQueue,
        originalExecutionRunId: '00000000-0000-4000-8000-000000000000',
        firstExecutionRunId: '00000000-0000-4000-8000-000000000000',
        workflowTaskTimeout: '10s',
        attempt: 1,
      }),
      event(2, 'WORKFLOW_TASK_SCHEDULED', 'workflowTaskScheduled', { taskQueue, attempt: 1 }),
      event(3, 'WORKFLOW_TASK_STARTED', 'workflowTaskStarted', { scheduledEventId: '2' }),
      event(4, 'WORKFLOW_TASK_COMPLETED', 'workflowTaskCompleted', { scheduledEventId: '2', startedEventId: '3' }),
      ...events,
    ],
  }
}

const completed = event(5, 'WORKFLOW_EXECUTION_COMPLETED', 'workflowExecutionCompleted', {
  workflowTaskCompletedEventId: '4',
})
// A workflow whose id is none of ours ends at once: the shortest true history there is.
const sound = historyOf('nobody-admitted-this', completed)
const unsound = historyOf(
  `acme/${actionId}`,
  event(5, 'TIMER_STARTED', 'timerStarted', {
    timerId: '1',
    startToFireTimeout: '1s',
    workflowTaskCompletedEventId: '4',
  }),
  event(6, 'TIMER_FIRED', 'timerFired', { timerId: '1', startedEventId: '5' }),
  event(7, 'WORKFLOW_TASK_SCHEDULED', 'workflowTaskScheduled', { attempt: 1 }),
  event(8, 'WORKFLOW_TASK_STARTED', 'workflowTaskStarted', { scheduledEventId: '7' }),
)

const folder = folderWith({
  'sound.json': sound,
  'unsound.json': unsound,
  'empty.json': { events: [] },
  'other.json': { hello: 'world' },
  'anonymous.json': { events: [{ ...sound.events[0], workflowExecutionStartedEventAttributes: {} }] },
  'text.json': 'no JSON',
})
const replay = (...argv: string[]) => exq(['replay', ...argv], { cwd: folder.path })
afterAll(folder.remove)

describe('replay', () => {
  test('says that a history replays', async () => {
    const { code, stdout, stderr } = await replay('--file', 'sound.json', '-o', 'json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ workflow_id: 'nobody-admitted-this', events: 5, replays: true })
  })

  test('says that this code would have decided otherwise', async () => {
    const { code, stdout, stderr } = await replay('--file', 'unsound.json')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^EXQ-6002 The history does not replay: acme/${actionId}: .+\nNext: .+\n$`))
  })

  test.each(['empty.json', 'other.json'])('says that %s is not a history', async (file) => {
    const { code, stderr } = await replay('--file', file, '--workflow-id', 'w')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EXQ-6002 .*it has no events\n/)
  })

  test('wants to know the workflow id of a history that does not tell it', async () => {
    const { code, stderr } = await replay('--file', 'anonymous.json')
    expect(code).toBe(2)
    expect(stderr).toMatch(/add --workflow-id\n/)
  })

  test.each([
    ['nowhere.json', /does not exist/],
    ['text.json', /text\.json is not JSON/],
  ])('says what is wrong with the file %s', async (file, what) => {
    const { code, stderr } = await replay('--file', file)
    expect(code).toBe(2)
    expect(stderr).toMatch(what)
  })

  test('downloads the histories of actions', async () => {
    const workflow = { id: 'nobody-admitted-this', run_id: null, ui: null }
    const api = await startApi({
      [`GET /v1/actions/${actionId}`]: action({ workflow }),
      [`GET /v1/actions/${actionId}/history`]: sound,
    })
    const { code, stdout } = await api.run(['replay', actionId])
    const several = await api.run(['replay', actionId, actionId, '-o', 'json'])
    await api.close()
    expect(
      several.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).replays),
    ).toEqual([true, true])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'nobody-admitted-this replays: 5 events, the same decisions.\n',
    })
  })
})
