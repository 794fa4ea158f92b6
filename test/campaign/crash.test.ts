import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, connect, type DeskClient } from '../../examples/refund-desk/demo/desk-client.js'
import { type CrashCase, crashCases, nameOf } from './crash-cases.js'
import { openLane } from './crash-lane.js'
import { lanes } from './stack/lanes.js'
import { type CampaignStack, openStack, untilReady } from './stack/open-stack.js'

const tools = { keyed: 'pay_by_key', queryable: 'pay_by_reference', blind: 'pay_blindly' } as const

/** What is left when a case has settled, by the downstream's own books and by what we say. */
interface Left {
  readonly effects: number
  readonly undos: number
  readonly outcome: string | null
  readonly step: string | null
  readonly waitsForPerson: boolean
}

describe('an executor killed around the call', () => {
  let stack: CampaignStack
  let agent: DeskClient
  let ledger: pg.Pool
  const left = new Map<string, Left>()

  beforeAll(async () => {
    stack = await openStack({ name: 'crash', seed: 'crash', secret: 'canary-crash' })
    await untilReady(stack.api)
    agent = connect({ api: stack.api }, stack.tokens.acme?.agents.payer_1 ?? '')
    ledger = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 })
    await Promise.all(lanes.map((lane, index) => inLane(lane, inTurn(index))))
  }, 900_000)
  afterAll(async () => {
    await ledger?.end()
    await stack?.close()
  })

  async function inLane(name: string, cases: readonly CrashCase[]): Promise<void> {
    const lane = openLane(stack, name)
    for (const [index, crash] of cases.entries()) {
      let reached = false
      // On a machine that is busy with other things the call may be too late to be made at all: then again.
      for (let tries = 1; !reached && tries <= 3; tries += 1) {
        const subject = `${name}_${index}_${tries}`
        let id = ''
        await obstruct(crash, subject)
        reached = await lane.carryOut(crash, {
          subject,
          next: cases[index + 1],
          ask: async () => {
            id = await ask(crash, name, subject)
          },
          isKnown: () => isKnown(id, crash.call),
          settled: () => settled(id),
        })
        if (reached) left.set(nameOf(crash), await leftOf(id, subject))
      }
    }
    lane.close()
  }

  async function obstruct({ call, death }: CrashCase, subject: string): Promise<void> {
    if ('held' in death) await stack.downstream.rule({ subject, call, mode: death.held, times: 1 })
    if (call === 'undo') await stack.downstream.rule({ subject: `${subject}_no`, call: 'effect', mode: 'refuse' })
  }

  /** A lone call; or, for an undo, one that is followed by another that the downstream refuses. */
  async function ask({ system, call }: CrashCase, lane: string, subject: string): Promise<string> {
    const tool = `${tools[system]}_${lane}`
    const steps = [subject, ...(call === 'undo' ? [`${subject}_no`] : [])]
    const { status, body } = await agent.post('/v1/actions', {
      plan: { steps: steps.map((each) => ({ tool, args: { subject: each, amount_cents: 100 } })) },
      context: { request_id: subject },
    })
    if (status !== 202) throw new Error(JSON.stringify(body))
    return body.id
  }

  /** Has ended, or waits for a person. */
  async function settled(id: string): Promise<Action> {
    const deadline = performance.now() + 90_000
    for (;;) {
      const { body } = await agent.get<Action>(`/v1/actions/${id}`, 1)
      if (body.outcome || (await isAttended(id))) return body
      if (performance.now() > deadline)
        throw new Error(`it neither ends nor waits for a person: ${JSON.stringify(body)}`)
    }
  }

  async function isAttended(id: string): Promise<boolean> {
    return ((await ledger.query('select from attentions where action_id = $1', [id])).rowCount ?? 0) > 0
  }

  async function isKnown(id: string, call: CrashCase['call']): Promise<boolean> {
    const phase = call === 'undo' ? 'compensate' : 'execute'
    const outcomes = 'select from outcomes where action_id = $1 and phase = $2'
    return ((await ledger.query(outcomes, [id, phase])).rowCount ?? 0) > 0
  }

  async function leftOf(id: string, subject: string): Promise<Left> {
    const action = await settled(id)
    const booked = (await stack.downstream.booked()).filter((line) => line.subject === subject)
    return {
      effects: booked.filter(({ kind }) => kind === 'effect').length,
      undos: booked.filter(({ kind }) => kind === 'undo').length,
      outcome: action.outcome,
      step: action.steps[0]?.effect ?? null,
      waitsForPerson: action.outcome === 'needs-attention' || (await isAttended(id)),
    }
  }

  test.each(crashCases.map((crash) => [nameOf(crash), crash] as const))('%s', (name, crash) => {
    const now = left.get(name) as Left
    expect(now, 'the executor was killed').toBeDefined()
    // The books are the judge: nothing twice, whatever else is said.
    expect(now.effects).toBeLessThanOrEqual(1)
    expect(now.undos).toBeLessThanOrEqual(1)
    expect(now).toEqual(crash.call === 'effect' ? afterCall(crash, now) : afterUndo(crash))
  })
})

/** The cases of one kind of downstream stay in one lane, or two: what waits longest comes first. */
function inTurn(lane: number): readonly CrashCase[] {
  return crashCases.filter((_, index) => index % lanes.length === lane)
}

const waits = { outcome: null, waitsForPerson: true } as const

function afterCall({ system, applied, known }: CrashCase, now: Left): Left {
  const done = { effects: 1, undos: 0, outcome: 'succeeded', step: 'committed', waitsForPerson: false }
  if (known || system === 'keyed') return done
  // Nothing was answered and nothing shows: nothing is claimed of it, neither way.
  if (system === 'blind') return { ...waits, effects: applied ? 1 : 0, undos: 0, step: null }
  // A look-up settles it: it is there, or it is not there and nothing is claimed.
  return applied || now.effects === 1
    ? done
    : { effects: 0, undos: 0, outcome: 'failed', step: 'not-committed', waitsForPerson: false }
}

/** What was undone shows, whoever undid it; only an undo that may still come, from a downstream that shows nothing, is for people. */
function afterUndo({ system, applied, known }: CrashCase): Left {
  if (system === 'blind' && !applied && !known) return { ...waits, effects: 1, undos: 0, step: 'committed' }
  return { effects: 1, undos: 1, outcome: 'compensated', step: 'committed', waitsForPerson: false }
}
