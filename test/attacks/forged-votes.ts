import { generateKeyPairSync, sign } from 'node:crypto'
import { canonical, digestBytes } from '../../src/digest.js'
import type { Attack } from './attack.js'
import { letHappen } from './intruders.js'
import type { Held, Room } from './room.js'

type Row = Record<string, unknown>

/** A vote row as the ledger has it. */
async function voteOf(room: Room, held: Held): Promise<Row> {
  const [row] = await room.intruders.server<{ vote: Row }>(
    'select to_jsonb(v) as vote from votes v where approval_id = $1 order by voted_at desc limit 1',
    [held.approval.id],
  )
  if (!row) throw new Error(`nobody voted on ${held.approval.id}`)
  return row.vote
}

/** Writes a vote row as the server's role can; whatever columns there are. */
function insert(room: Room, vote: Row): Promise<boolean> {
  return letHappen(
    room.intruders.server('insert into votes select (jsonb_populate_record(null::votes, $1)).*', [
      JSON.stringify(vote),
    ]),
  )
}

/** A genuine vote by bob, on an action of its own that is then done: what an attacker can copy from the ledger. */
async function genuineVote(room: Room): Promise<{ held: Held; vote: Row }> {
  const held = await room.hold()
  await room.vote('bob', held.approval)
  return { held, vote: await voteOf(room, held) }
}

async function rightly(room: Room): Promise<boolean> {
  const held = await room.hold()
  await room.vote('bob', held.approval)
  await room.goOn(held.id)
  return room.downstream.of(held.id) === 1
}

export const forgedVotes: readonly Attack<Room>[] = [
  {
    rows: ['A3'],
    name: 'a signed vote is copied to another action, and to a later round of its own',
    carryOut: async (room, tally) => {
      const { held: voted, vote } = await genuineVote(room)
      const other = await room.hold()
      for (const changes of [
        { approval_id: other.approval.id, action_id: other.id },
        { approval_id: other.approval.id, action_id: other.id, envelope_digest: other.approval.digest },
      ]) {
        await insert(room, { ...vote, ...changes })
        await room.press(other.id)
        tally.attempt(`copied with ${Object.keys(changes).join(', ')}`, room.downstream.of(other.id) > 0)
      }
      await room.goOn(voted.id)
      tally.control('the vote counts where it was cast', room.downstream.of(voted.id) === 1)
    },
  },
  {
    rows: ['A1', 'C1', 'D6'],
    name: 'a vote is written into the database without a trusted signature',
    carryOut: async (room, tally) => {
      const { vote } = await genuineVote(room)
      const { privateKey } = generateKeyPairSync('ed25519')
      const forge = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url')
      const kinds: Record<string, (statement: string) => Row> = {
        'no signature': () => ({ signature: '' }),
        'a signature that is none': () => ({ signature: 'AAAA' }),
        'the signature of another vote': () => ({}),
        'an own key': (text) => ({ key_id: 'ed25519:intruder', signature: forge(text) }),
        "an own key under the server's id": (text) => ({ signature: forge(text) }),
        'a method nobody checks': (text) => ({ method: 'trusted', signature: forge(text) }),
      }
      for (const [kind, forged] of Object.entries(kinds)) {
        const target = await room.hold()
        const statement = JSON.stringify(await statementFor(room, vote, target))
        await insert(room, {
          ...vote,
          approval_id: target.approval.id,
          action_id: target.id,
          envelope_digest: target.approval.digest,
          statement,
          ...forged(statement),
        })
        await room.press(target.id)
        tally.attempt(kind, room.downstream.of(target.id) > 0)
      }
      tally.control('a vote signed by the server', await rightly(room))
    },
  },
  {
    rows: ['C3', 'A4'],
    name: 'the columns of a signed vote are changed: a rejection becomes an approval, the approver somebody else',
    carryOut: async (room, tally) => {
      const rejected = await room.hold()
      await room.vote('bob', rejected.approval, 'reject')
      const vote = await voteOf(room, rejected)
      const next = Number(vote.revision ?? 1) + 1
      for (const changes of [
        { approver: 'person:eve', vote: 'approve' },
        { approver: 'person:bob', vote: 'approve', revision: next },
        { approver: 'person:someone', vote: 'approve', revision: next },
      ]) {
        await insert(room, { ...vote, ...changes })
        await room.press(rejected.id)
        tally.attempt(JSON.stringify(changes), room.downstream.of(rejected.id) > 0)
      }
      tally.control('an approval that was meant as one', await rightly(room))
    },
  },
  {
    rows: ['A4', 'A18'],
    name: 'what was asked is changed in the database after the vote, digests made to fit, by the owner of the database',
    carryOut: async (room, tally) => {
      for (const how of ['the arguments', 'the arguments and their digest', 'a step more']) {
        const held = await room.hold()
        await room.vote('bob', held.approval)
        await tamper(room, held.id, how)
        await letHappen(room.press(held.id))
        tally.attempt(how, room.downstream.of(held.id) > 0)
      }
      tally.control('what was asked is done', await rightly(room))
    },
  },
]

/** A statement for the target that says all that a genuine one says. */
async function statementFor(room: Room, vote: Row, target: Held): Promise<Row> {
  const [envelope] = await room.intruders.server<{ rendering_digest: string }>(
    'select rendering_digest from envelopes where id = $1',
    [target.approval.id],
  )
  return {
    ...JSON.parse(String(vote.statement)),
    approval_id: target.approval.id,
    envelope_digest: target.approval.digest,
    rendering_digest: envelope?.rendering_digest,
  }
}

/** The owner of a database can switch its guards off. */
async function tamper(room: Room, id: string, how: string): Promise<void> {
  const { owner } = room.intruders
  const [row] = await owner<{ request: string }>('select request from actions where id = $1', [id])
  const request = JSON.parse(row?.request ?? '') as { plan: { steps: { id: string; args: object }[] } }
  const [step] = request.plan.steps
  if (!step) throw new Error('there is no step')
  step.args = { subscription_id: 'sub_of_somebody_else' }
  if (how === 'a step more') request.plan.steps.push({ ...step, id: 'step2' })
  const bytes = canonical(request)
  const digest = how === 'the arguments' ? null : digestBytes(bytes)
  await owner('alter table actions disable trigger admitted')
  await owner('update actions set request = $2, request_digest = coalesce($3, request_digest) where id = $1', [
    id,
    bytes,
    digest,
  ])
  await owner('alter table actions enable trigger admitted')
}
