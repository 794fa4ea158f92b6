import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createDecisionActivities, createEffectActivities } from '../../activities/index.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import type { EffectReport } from '../../src/domain/activities.js'
import { type ReadKind, readKinds } from '../../src/domain/session.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { declare, smallestRead, smallestWrite } from '../_util/contracts.js'
import { type HttpDesk, openHttpDesk } from '../surfaces/http-desk.js'

const output = z.strictObject({ text: z.string() })
const kinds: readonly (readonly ReadKind[])[] = [[], ['untrusted'], ['sensitive'], readKinds]
const execute = async () => ({ text: 'read' })

/** A tool for each thing that one can read, and for each of them one that sends as well. */
const tools = kinds.flatMap((reads) => {
  const name = `read_${reads.join('_') || 'nothing'}`
  return [
    declare(smallestRead, { name, reads, output, execute }),
    declare(smallestWrite, {
      name: `${name}_and_send`,
      reads,
      sends: 'outside',
      approvers: ['finance'],
      output,
      execute,
    }),
  ]
})
const declared = new Map(tools.map(({ contract }) => [contract.name, contract]))

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
  await publishContracts(desk.database.executorPool, ['acme'], tools)
})
afterAll(() => desk.close())

/** What an action does next: is decided on, or is executed by somebody, whether that was decided or not. */
interface Move {
  readonly action: number
  readonly does: 'decide' | 'execute'
}

const plans = fc.array(fc.array(fc.constantFrom(...declared.keys()), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
})
const moves = fc.array(fc.record<Move>({ action: fc.nat({ max: 2 }), does: fc.constantFrom('decide', 'execute') }), {
  minLength: 10,
  maxLength: 24,
  size: 'max',
})

const decide = (action: number): Move => ({ action, does: 'decide' })
const run = (action: number): Move => ({ action, does: 'execute' })
/** One that sends, and one that is held as both were read since it was decided on. */
const told: readonly [string[][], Move[]][] = [
  [[['read_nothing_and_send']], [decide(0), run(0)]],
  [
    [['read_nothing_and_send'], ['read_untrusted_sensitive']],
    [decide(0), decide(1), run(1), run(0)],
  ],
]

test('nothing is sent outside after both kinds were read, in whatever order, as long as nobody agreed to it', async () => {
  const { executorPool } = desk.database
  const decisions = createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
  const effects = createEffectActivities({
    ...desk.plane,
    pool: executorPool,
    authorities: createAuthorities(executorPool, desk.plane.groups),
    deployment: 'monitored',
    executor: 'executor-1',
    tools: new Map(tools.map((tool) => [tool.digest, tool])),
    warn: () => undefined,
  })
  const inActivity = <T>(work: () => Promise<T>) => new MockActivityEnvironment().run<[], T, () => Promise<T>>(work)
  let sent = 0
  let held = 0

  await fc.assert(
    fc.asyncProperty(plans, moves, async (asked, made) => {
      const name = `a${randomUUID()}`
      const agent = {
        tenant: 'acme',
        kind: 'agent',
        name,
        owner: 'person:ann',
        groups: ['support'],
        by: 'test',
      } as const
      const { token } = await createPrincipal(desk.plane, agent)
      const actions = await Promise.all(
        asked.map(async (names) => {
          const steps = names.map((tool, index) => ({ id: `s${index}`, tool, args: { thing: 'th_1' } }))
          const { body } = await desk.submit({ plan: { steps }, context: { request_id: randomUUID() } }, { token })
          return { id: body.id as string, names, done: 0, stuck: false }
        }),
      )
      const read = new Set<ReadKind>()
      for (const move of made) {
        const action = actions[move.action % actions.length] as (typeof actions)[number]
        const ref = { tenant: 'acme', action_id: action.id, round: 1 }
        const tool = declared.get(action.names[action.done] ?? '')
        if (move.does === 'decide') await inActivity(() => decisions.policy(ref))
        if (move.does === 'decide' || !tool || action.stuck) continue
        const step = { ...ref, step: `s${action.done}`, phase: 'execute' } as const
        const report = await inActivity<EffectReport>(() => effects[tool.name]?.(step) as Promise<EffectReport>).catch(
          comesTooEarly,
        )
        // Before the policy has decided, and where people are asked before they have, nothing is done or recorded.
        if (report === null) continue
        const both = read.size === readKinds.length
        if (report.state === 'committed') {
          expect(tool.sends && both).toBeFalsy()
          if (tool.sends) sent += 1
          for (const kind of tool.reads ?? []) read.add(kind)
          action.done += 1
        } else {
          // Nobody is asked without need: what is held sends, after both were read.
          expect([report.state, tool.sends, both]).toEqual(['held', 'outside', true])
          held += 1
          action.stuck = true
        }
      }
    }),
    { numRuns: 30, examples: [...told] },
  )
  // Otherwise nothing was tried.
  expect(Math.min(sent, held)).toBeGreaterThan(0)
})

function comesTooEarly(error: unknown): null {
  if (error instanceof ApplicationFailure && error.type === 'retry') return null
  throw error
}

test('a plan that will have read both when it sends is decided on as a whole, before anything runs', async () => {
  const decisions = createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
  await fc.assert(
    fc.asyncProperty(plans, async ([names = []]) => {
      const agent = { tenant: 'acme', kind: 'agent', owner: 'person:ann', groups: ['support'], by: 'test' } as const
      const { token } = await createPrincipal(desk.plane, { ...agent, name: `a${randomUUID()}` })
      const steps = names.map((tool, index) => ({ id: `s${index}`, tool, args: { thing: 'th_1' } }))
      const { body } = await desk.submit({ plan: { steps }, context: { request_id: randomUUID() } }, { token })
      const ref = { tenant: 'acme', action_id: body.id, round: 1 }
      const report = await new MockActivityEnvironment().run<[], Awaited<ReturnType<typeof decisions.policy>>, never>(
        (() => decisions.policy(ref)) as never,
      )
      const sendsAfterBoth = names.some((name, index) => {
        const before = names.slice(0, index).flatMap((earlier) => declared.get(earlier)?.reads ?? [])
        return declared.get(name)?.sends && readKinds.every((kind) => before.includes(kind))
      })
      expect(report.result).toBe(sendsAfterBoth ? 'require-approval' : 'allow')
    }),
    { numRuns: 15 },
  )
})
