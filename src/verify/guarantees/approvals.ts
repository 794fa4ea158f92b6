import { generateKeyPairSync, sign } from 'node:crypto'
import { canonical, digestBytes } from '../../digest.js'
import { hold, NotApplicable } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'
import { type Asked, inputOf, type Venue } from '../venue.js'

type Held = Asked & { readonly approvalId: string }
type Row = Record<string, unknown>

/** Lets the workflow look again, as anybody can who writes to the namespace. */
async function press(venue: Venue, asked: Asked): Promise<void> {
  const { workflow } = await venue.now(asked)
  await venue.temporal.workflow.getHandle(workflow.id).signal('approval')
}

async function rightly(venue: Venue): Promise<void> {
  const asked = await venue.held()
  await venue.approve(asked)
  const { outcome } = await venue.ended(asked)
  if (outcome !== 'succeeded') throw new Error(`approved rightly it ended ${outcome}, so nothing is shown by refusals`)
}

/** A vote that somebody really cast, on an action of its own. */
async function genuineVote(venue: Venue): Promise<Row> {
  const asked = await venue.held()
  await venue.approve(asked)
  const [row] = await venue.sql<{ vote: Row }>(
    'select to_jsonb(v) as vote from votes v where approval_id = $1 limit 1',
    [asked.approvalId],
  )
  if (!row) throw new Error('nobody could vote')
  return row.vote
}

async function insertVote(venue: Venue, vote: Row): Promise<void> {
  await venue
    .sql('insert into votes select (jsonb_populate_record(null::votes, $1)).*', [JSON.stringify(vote)])
    .catch(() => undefined)
}

async function tamper(venue: Venue, { id, subject }: Held, fitting: boolean): Promise<Row> {
  const [row] = await venue.sql<{ request: string }>('select request from actions where id = $1', [id])
  const request = JSON.parse(row?.request ?? '{}') as { plan: { steps: { args: Row }[] } }
  const args = await inputOf(subject)
  for (const step of request.plan.steps) step.args = args
  const bytes = canonical(request)
  await venue.sql('alter table actions disable trigger admitted')
  await venue.sql('update actions set request = $2, request_digest = coalesce($3, request_digest) where id = $1', [
    ...[id, bytes],
    fitting ? digestBytes(bytes) : null,
  ])
  await venue.sql('alter table actions enable trigger admitted')
  return args
}

export const approvals: readonly Guarantee[] = [
  {
    of: 'G2',
    name: 'a vote that is written into the ledger without a signature, or with a false one, lets nothing happen',
    carryOut: async (venue) => {
      const vote = await genuineVote(venue)
      const { privateKey } = generateKeyPairSync('ed25519')
      const forge = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url')
      const kinds: Record<string, { readonly says?: Row; readonly row: (statement: string) => Row }> = {
        'without a signature': { row: () => ({ signature: '' }) },
        'with the signature of another vote': { row: () => ({}) },
        'with a key of a stranger': { row: (text) => ({ key_id: 'ed25519:stranger', signature: forge(text) }) },
        'with a false signature under a known key': { row: (text) => ({ signature: forge(text) }) },
        'as if the server vouched for it': { says: { method: 'token' }, row: (text) => ({ signature: forge(text) }) },
      }
      for (const [kind, { says = {}, row }] of Object.entries(kinds)) {
        const target = await venue.held()
        const [envelope] = await venue.sql<{ digest: string; rendering_digest: string }>(
          'select digest, rendering_digest from envelopes where id = $1',
          [target.approvalId],
        )
        const fields = {
          approval_id: target.approvalId,
          envelope_digest: envelope?.digest,
          rendering_digest: envelope?.rendering_digest,
        }
        const statement = canonical({ ...JSON.parse(String(vote.statement)), ...fields, ...says })
        const forged = { ...says, action_id: target.id, statement, ...row(statement) }
        await insertVote(venue, { ...vote, ...fields, ...forged })
        await press(venue, target)
        await venue.nothing(target, `after a vote ${kind}`)
      }
      await rightly(venue)
    },
  },
  {
    of: 'G2',
    name: 'whoever owns the agent does not approve what it asks for',
    carryOut: async (venue) => {
      if (venue.config.people === 'one') throw new NotApplicable('the configuration declares that there is one person')
      const asked = await venue.held()
      const { status } = await venue.people.owner.vote(asked.approvalId)
      hold(status >= 400, `the vote of the owner was answered ${status}`)
      await press(venue, asked)
      await venue.nothing(asked, 'after the vote of the owner')
      await venue.approve(asked)
      const { outcome } = await venue.ended(asked)
      hold(outcome === 'succeeded', `approved by somebody else it ended ${outcome}`)
    },
  },
  {
    of: 'G2',
    name: 'arguments that are changed in the ledger, digests made to fit or not, are not acted on',
    carryOut: async (venue) => {
      for (const fitting of [false, true]) {
        const asked = await venue.held()
        const args = await tamper(venue, asked, fitting)
        const { subject } = asked
        const before = await subject.check.world.effects(args as Asked['args'])
        await venue.approve(asked)
        await press(venue, asked).catch(() => undefined)
        const what = `after its arguments were changed${fitting ? ', and its digest' : ''}`
        await venue.nothing(asked, what)
        const after = await subject.check.world.effects(args as Asked['args'])
        hold(JSON.stringify(after) === JSON.stringify(before), `${what}, it was done with what was put in`)
      }
      await rightly(venue)
    },
  },
  {
    of: 'G2',
    name: 'once its agent is stopped, an approval lets nothing happen',
    carryOut: async (venue) => {
      const asked = await venue.held()
      const scope = `agent:${asked.subject.agentName}`
      const { owner } = venue.people
      const stopped = await owner.client.post('/v1/stops', { scope, reason: 'a verification', pending: 'end' })
      if (stopped.status >= 300) throw new Error(`the owner could not stop ${scope}: ${JSON.stringify(stopped.body)}`)
      try {
        await venue.approve(asked)
        await venue.nothing(asked, 'approved after its agent was stopped')
        const fresh = await venue.ask(asked.subject)
        hold(fresh.answer.status >= 400, `a request of the stopped agent was answered ${fresh.answer.status}`)
        await venue.nothing(fresh, 'asked for by a stopped agent')
      } finally {
        await venue.resume(scope)
      }
    },
  },
  {
    of: 'G6',
    name: 'one person counts once, however often they vote',
    carryOut: async (venue) => {
      for (const subject of venue.subjects.filter(({ tool }) => tool.contract.approvers.length > 1)) {
        const asked = await venue.held(subject)
        const [voter] = subject.tool.contract.approvers.flatMap((group) => venue.people.members(group))
        const shown = await voter?.look(asked.approvalId)
        const needed = Object.values(shown?.body.requirements ?? {}).reduce((most, count) => Math.max(most, count), 0)
        if (!voter || needed < 2) continue
        for (let times = 0; times < 3; times += 1) await voter.vote(asked.approvalId)
        await venue.nothing(asked, `after three votes of one person where ${needed} are needed`)
        return
      }
      throw new NotApplicable('no tool with a check needs two people')
    },
  },
]
