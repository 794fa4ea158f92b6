import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ActionView } from '../src/control-plane/action-view.js'
import type { JsonObject } from '../src/domain/json.js'
import { type Floor, openFloor } from './floor.js'
import { type Shape, tellShape } from './floor-shape.js'
import { type Governed, openGoverned, succeeded } from './governed.js'
import { overHttp } from './http.js'
import { inTurns, perSecond, type Samples, type Variant } from './measure.js'
import { type Statements, statementsOf } from './statements.js'
import type { Systems } from './systems.js'
import { type VoteTimes, voteToEffect } from './votes.js'

/** A tool measured both ways. */
export interface Subject {
  readonly name: string
  readonly tool: string
  readonly shape: Shape
  readonly events: { readonly governed: number; readonly floor: number }
  /** Per action; null where they could not be counted. */
  readonly statements: Statements | null
}

export interface Results {
  readonly subjects: readonly Subject[]
  readonly sequential: Samples
  readonly rates: Samples
  readonly http: { readonly sequential: Samples; readonly rates: Samples }
  readonly votes: VoteTimes
  readonly clients: number
  readonly seconds: number
}

interface Sizes {
  readonly warmUps: number
  readonly runs: number
  readonly httpRuns: number
  readonly rounds: number
  readonly roundMs: number
  readonly votes: number
  readonly counted: number
}

const full: Sizes = { warmUps: 10, runs: 60, httpRuns: 30, rounds: 3, roundMs: 2_000, votes: 25, counted: 5 }
const small: Sizes = { warmUps: 2, runs: 5, httpRuns: 3, rounds: 1, roundMs: 500, votes: 3, counted: 1 }
const clients = 16
// On a slow or busy machine these end a part before its count is full.
const limits = { warmUpMs: 7_000, sequentialMs: 60_000, ratesMs: 20_000, httpMs: 9_000 }

interface Options {
  readonly quick: boolean
  readonly say: (line: string) => void
  readonly postgresLog: string
}

/** Measures everything, in under three minutes. */
export async function measure(systems: Systems, { quick, say, postgresLog }: Options): Promise<Results> {
  const began = performance.now()
  const sizes = quick ? small : full
  const { server } = systems.stack
  // The server's own process is measured last, and is out of the way until then.
  await server.stop()
  const governed = await openGoverned(systems)
  const floor = await openFloor(governed.context)
  try {
    const subjects: Subject[] = []
    for (const { name, tool, args } of asked(systems)) {
      const act = async () => governed.act(tool, args())
      const { workflow } = await once(act)
      await pause(200)
      const ours = await floor.look(workflow.id)
      const bare = await floor.look(await floor.run(ours.shape, tool, args()))
      const counted = await statementsOf(systems.stack.databaseUrl, postgresLog, async () => {
        for (let run = 0; run < sizes.counted; run += 1) await once(act)
      })
      const statements = counted && new Map([...counted].map(([key, count]) => [key, count / sizes.counted]))
      subjects.push({
        name,
        tool,
        shape: ours.shape,
        events: { governed: ours.events, floor: bare.events },
        statements,
      })
      say(`${name}: ${tellShape(ours.shape)}`)
    }
    const variants = subjects.flatMap((subject) => variantsOf(subject, systems, governed, floor))
    say(`Warming up, then ${sizes.runs} runs each of: ${variants.map(({ name }) => name).join(', ')}`)
    await inTurns(variants, sizes.warmUps, limits.warmUpMs)
    const sequential = await inTurns(variants, sizes.runs, limits.sequentialMs)
    say(`${clients} clients, ${sizes.roundMs / 1_000} s each, up to ${sizes.rounds} times`)
    // Its reading is part of `refund_invoice`, which is asked.
    const many = variants.filter(({ name }) => !name.startsWith('get_invoice'))
    const rates = await perSecond(many, { clients, ...sizes }, limits.ratesMs)
    say(`${sizes.votes} votes`)
    const votes = await voteToEffect(systems, governed, sizes.votes)
    say('Over HTTP, to a server process')
    await server.restart()
    const http = await measureHttp(subjects, systems, governed, sizes)
    const seconds = (performance.now() - began) / 1_000
    return { subjects, sequential, rates, http, votes, clients, seconds }
  } finally {
    await floor.close()
    await governed.close()
  }
}

function asked(systems: Systems): readonly { name: string; tool: string; args: () => JsonObject }[] {
  return [
    { name: 'read', tool: 'bench_read', args: () => ({ item: randomUUID() }) },
    { name: 'write', tool: 'bench_write', args: () => ({ item: randomUUID(), amount_cents: 2_000 }) },
    { name: 'get_invoice', tool: 'get_invoice', args: () => ({ invoice_id: systems.freshInvoice() }) },
    {
      name: 'refund_invoice',
      tool: 'refund_invoice',
      args: () => ({ invoice_id: systems.freshInvoice(), reason_code: 'goodwill', amount_cents: 100 }),
    },
  ]
}

function variantsOf({ name, tool, shape }: Subject, systems: Systems, governed: Governed, floor: Floor): Variant[] {
  const args = () =>
    asked(systems)
      .find((each) => each.name === name)
      ?.args() ?? {}
  const variants = [
    { name, run: () => once(() => governed.act(tool, args())) },
    { name: `${name} floor`, run: () => floor.run(shape, tool, args()) },
  ]
  if (name !== 'read') return variants
  const locals = shape.filter((step) => step === 'local')
  return [...variants, { name: 'read floor, local only', run: () => floor.run(locals, tool, args()) }]
}

async function measureHttp(subjects: readonly Subject[], systems: Systems, governed: Governed, sizes: Sizes) {
  const variants = subjects
    .filter(({ name }) => name === 'read' || name === 'write')
    .flatMap(({ name, tool }) => {
      const args = () =>
        asked(systems)
          .find((each) => each.name === name)
          ?.args() ?? {}
      return [
        { name, run: () => once(() => governed.act(tool, args())) },
        { name: `${name} over HTTP`, run: () => once(() => overHttp(systems, tool, args())) },
      ]
    })
  await inTurns(variants, sizes.warmUps, limits.warmUpMs)
  return {
    sequential: await inTurns(variants, sizes.httpRuns, limits.httpMs),
    rates: await perSecond(variants, { clients, ...sizes, rounds: 1 }, limits.ratesMs),
  }
}

async function once<Action extends Pick<ActionView, 'outcome' | 'explanation'>>(
  act: () => Promise<Action>,
): Promise<Action> {
  const action = await act()
  succeeded(action)
  return action
}
