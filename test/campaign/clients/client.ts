import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../random.js'
import { beginPart } from './part.js'
import { wishedSteps } from './requests.js'

const { name, tenant, api, journal, random, settings } = beginPart()
const actions = Number(settings.actions)
const everyMs = Number(settings.every_ms)
const only = settings.tool
const most = Number(settings.most)
const takesBack = Number(settings.takes_back)

/** Asks until it is answered, with the same id and the same words: that is all a client can do. */
async function ask(index: number): Promise<void> {
  const own = random.fork(String(index))
  // Both tenants use the same ids and names: nothing of one may show in the other.
  const request_id = `${name}_r${index}`
  const steps = only
    ? [{ id: 'step1', system: 'keyed' as const, tool: only, subject: `${name}_${index}`, amount: 100 }]
    : wishedSteps(own, `${tenant}_${name}_${index}`)
  const body = {
    plan: { steps: steps.map(({ tool, subject, amount }) => ({ tool, args: { subject, amount_cents: amount } })) },
    context: { request_id },
  }
  const send = async (): Promise<string | null> => {
    for (;;) {
      journal.write({ kind: 'asking', tenant, agent: name, request_id, steps })
      const { status, body: said } = await api('POST', '/v1/actions', body)
      const action_id = status === 200 || status === 202 ? String(said.id) : null
      const code = typeof said.code === 'string' ? said.code : null
      journal.write({ kind: 'answered', tenant, request_id, status, action_id, code })
      if (action_id) underWay.add(action_id)
      if (isAnswer(status)) return action_id
      await pause(own.between(200, 1_000))
    }
  }
  // Some clients are impatient, and send everything twice at once.
  const taken = await Promise.all(own.chance(0.1) ? [send(), send()] : [send()])
  const action_id = taken.find((id) => id !== null)
  const doubts = own.fork('doubts')
  if (action_id && doubts.chance(takesBack)) await takeBack(request_id, action_id, doubts)
}

/** At any moment: before the first call, in the midst of it, or when all is done. */
async function takeBack(request_id: string, action_id: string, own: Random): Promise<void> {
  await pause(own.chance(0.5) ? own.between(0, 1_500) : own.between(0, 15_000))
  for (;;) {
    journal.write({ kind: 'cancelling', tenant, request_id, action_id })
    const { status, body } = await api('POST', `/v1/actions/${action_id}/cancel`, { reason: 'not wanted any more' })
    journal.write({ kind: 'cancelled', tenant, request_id, action_id, status, code: body.code ?? null })
    if (isAnswer(status)) return
    await pause(own.between(200, 1_000))
  }
}

function isAnswer(status: number | null): boolean {
  return status !== null && status < 500 && status !== 429
}

/** What was taken and has not been seen to have ended, oldest first. */
const underWay = new Set<string>()

/** What piles up is put to no test: no more is asked for while so much is under way, and waits for nobody. */
async function untilThereIsRoom(): Promise<void> {
  while (underWay.size >= most) {
    for (const id of underWay) {
      const { body } = await api('GET', `/v1/actions/${id}`)
      const attended = Array.isArray(body.attention) && body.attention.length > 0
      if (body.outcome || attended) underWay.delete(id)
    }
    if (underWay.size >= most) await pause(1_000)
  }
}

const sent: Promise<void>[] = []
for (let index = 1; index <= actions; index += 1) {
  await untilThereIsRoom()
  sent.push(ask(index))
  await pause(random.between(0, 2 * everyMs))
}
await Promise.all(sent)
process.exit(0)
