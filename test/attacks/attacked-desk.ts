import { Client, Connection } from '@temporalio/client'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { type Intruders, openIntruders } from './intruders.js'

/** An action that refunds an amount nobody else refunds: so its effects are found in the books without asking us. */
export interface Target extends Action {
  readonly amount: number
}

/** The refund desk on the real stack, with what somebody has who can write to the namespace and to the database. */
export interface AttackedDesk extends TestDesk {
  readonly intruders: Intruders
  /** A client of the namespace, with the SDK's own converters. */
  readonly temporal: Client
  /** A refund that waits for somebody of finance. */
  readonly hold: () => Promise<Target>
  /** A refund that nobody needs to approve, on its way. */
  readonly begin: () => Promise<Target>
  /** Refunds of an amount in the books of the billing system, and those taken back. */
  readonly refunded: (amount: number) => Promise<number>
  readonly undone: (amount: number) => Promise<number>
  /** The outcome that the ledger has. */
  readonly outcome: (id: string) => Promise<string | null>
  /** Approves it for real; resolves to how it ended. */
  readonly approveAndEnd: (target: Pick<Action, 'id'>) => Promise<Action>
  readonly attempted: (id: string) => Promise<void>
  readonly nextAmount: () => number
}

const overTheLimit = 50_001

export async function openAttackedDesk(name: string): Promise<AttackedDesk> {
  const desk = await openTestDesk(name)
  const intruders = await openIntruders(desk.dev.database_url)
  const connection = await Connection.connect({ address: desk.stack.temporal.address })
  const temporal = new Client({ connection, namespace: desk.stack.temporal.namespace })
  let used = 0
  const next = (from: number) => {
    used += 1
    return from + used
  }
  const now = async (id: string) => (await desk.agent.get<Action>(`/v1/actions/${id}`)).body
  const booked = async (effect: string, amount: number) =>
    (await effectsIn(desk.billing.ledger)).filter((line) => line.effect === effect && line.amount === amount).length
  return {
    ...desk,
    intruders,
    temporal,
    hold: async () => {
      const amount = next(overTheLimit)
      const { body } = await desk.agent.ask('refund_invoice', refund(amount), 1)
      await until('approval is asked for', async () => (await now(body.id)).approval !== null)
      return { ...(await now(body.id)), amount }
    },
    begin: async () => {
      const amount = next(1_000)
      const { body } = await desk.agent.ask('refund_invoice', refund(amount), 0)
      return { ...body, amount }
    },
    refunded: (amount) => booked('refund.created', amount),
    undone: (amount) => booked('refund.canceled', amount),
    outcome: async (id) =>
      (await desk.rows<{ outcome: string | null }>('select outcome from actions where id = $1', [id]))[0]?.outcome ??
      null,
    approveAndEnd: async ({ id }) => {
      const answer = await desk.approve(await now(id), 'ann')
      if (answer.status !== 200) throw new Error(`the vote was answered ${JSON.stringify(answer)}`)
      return desk.agent.ended(id, 90)
    },
    attempted: (id) =>
      until(
        'the attempt is written',
        async () =>
          (await desk.rows("select from attempts where action_id = $1 and phase = 'execute'", [id])).length > 0,
      ),
    nextAmount: () => next(1_000),
    close: async () => {
      await connection.close()
      await intruders.close()
      await desk.close()
    },
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
