import type { Attack } from './attack.js'
import { cancellation, type Held, type Room, requestId } from './room.js'

interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: object }>>
}

/** Every route that the API says it has, but for those whose answer has no end: no id leads there. */
async function routesOf(room: Room): Promise<Route[]> {
  const { body } = await room.http.call('GET', '/openapi.json')
  return Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => !('text/event-stream' in (responses?.['200']?.content ?? {})))
      .map(([method]) => ({ method: method.toUpperCase() as Route['method'], path })),
  )
}

/** What a stranger would put into a path, by the name of the route's parameter's collection. */
function fill(path: string, held: Held): string {
  return path.replace(/\{[^}]+\}/g, (_, at: number) => {
    const collection = path.slice(0, at)
    if (/approvals\/$/.test(collection)) return held.approval.id
    if (/tools\/$/.test(collection)) return 'cancel_subscription'
    return held.id
  })
}

const bodyFor = (path: string, held: Held): unknown => {
  if (/votes$/.test(path)) return { vote: 'approve', reason: 'mine now', envelope_digest: held.approval.digest }
  return {}
}

export const foreignIds: readonly Attack<Room>[] = [
  {
    rows: ['A2', 'A14'],
    name: 'ids of another tenant, or of another agent, on every route',
    carryOut: async (room, tally) => {
      const held = await room.hold()
      const { globex, zoe, other } = room.http.tokens
      const routes = await routesOf(room)
      for (const { method, path } of routes) {
        for (const token of [globex, zoe, other]) {
          const url = fill(path, held)
          const body = method === 'POST' ? bodyFor(path, held) : undefined
          const answer = await room.http.call(method, url, { token, body })
          const names = url !== path && answer.status < 300 && !/tools/.test(path)
          const told = method === 'GET' && JSON.stringify(answer.body ?? '').includes(held.id) && answer.status < 300
          tally.attempt(`${method} ${path} answered ${answer.status}`, names || told)
        }
      }
      const cancelled = await room.intruders.owner('select from cancellations where action_id = $1', [held.id])
      tally.attempt('it was cancelled', cancelled.length > 0)
      await room.press(held.id)
      tally.attempt('it was approved', room.downstream.of(held.id) > 0)
      const mine = await room.http.call('GET', `/v1/actions/${held.id}`, { token: room.http.tokens.desk })
      tally.control('its own agent sees it', mine.status === 200)
      if (routes.length < 10) throw new Error(`only ${routes.length} routes are known`)
    },
  },
  {
    rows: ['A14', 'A15'],
    name: 'the request id of another agent or tenant is used again, with the same body and with another one',
    carryOut: async (room, tally) => {
      const request = cancellation()
      const first = await room.ask(request)
      for (const token of [room.http.tokens.other, room.http.tokens.globex]) {
        const { body } = await room.http.submit(request, { token })
        tally.attempt('the same action was handed out', body.id === first)
      }
      const before = await room.http.count('actions')
      const { status, body } = await room.http.submit({ ...request, args: { subscription_id: 'sub_9' } })
      tally.attempt('another body under the same id', status < 400 || (await room.http.count('actions')) > before)
      tally.attempt('the other body is told its id', body.id === first)
      const again = await room.http.submit(request)
      tally.control('the same body again is the same action', again.body.id === first)
    },
  },
  {
    rows: ['A2', 'A8'],
    name: 'a request claims to be somebody else, or for somebody else',
    carryOut: async (room, tally) => {
      const before = await room.http.count('actions')
      for (const claim of [
        { actor: 'agent:other' },
        { tenant: 'globex' },
        { on_behalf_of: 'person:bob' },
        { actors: ['person:bob'] },
        { owner: 'person:bob' },
      ]) {
        const { status } = await room.http.submit({
          ...cancellation(),
          context: { request_id: requestId(), ...claim },
        })
        tally.attempt(JSON.stringify(claim), status < 300)
      }
      tally.attempt('something was admitted', (await room.http.count('actions')) > before)
      const truly = { request_id: requestId(), actor: 'agent:support_refunds_v2', tenant: 'acme' }
      const { status } = await room.http.submit({ ...cancellation(), context: truly })
      tally.control('it says who it is', status === 202)
    },
  },
]
