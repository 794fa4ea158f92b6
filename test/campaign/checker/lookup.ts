import type { AskedStep, BookedLine, ClientLine, Evidence, OrderLine } from './evidence.js'

type Asking = Extract<ClientLine, { kind: 'asking' }>

/** A step as its client asked for it first, with the action it became, if that was ever answered. */
export interface Asked extends AskedStep {
  readonly at: number
  readonly tenant: string
  readonly agent: string
  readonly request_id: string
  readonly action_id: string | null
  readonly steps: readonly AskedStep[]
}

/** Steps by tenant and subject: what the client called it is what the downstream was told, and no id of ours. */
export function askedSteps({ clients }: Pick<Evidence, 'clients'>): ReadonlyMap<string, Asked> {
  const actionOf = new Map<string, string>()
  for (const line of clients)
    if (line.kind === 'answered' && line.action_id) actionOf.set(`${line.tenant}/${line.request_id}`, line.action_id)
  const asked = new Map<string, Asked>()
  for (const line of clients) {
    if (line.kind !== 'asking') continue
    const { at, tenant, agent, request_id, steps } = line satisfies Asking
    const action_id = actionOf.get(`${tenant}/${request_id}`) ?? null
    for (const step of steps) {
      const key = subjectKey(tenant, step.subject)
      if (!asked.has(key)) asked.set(key, { ...step, at, tenant, agent, request_id, action_id, steps })
    }
  }
  return asked
}

/** Actions that their client took back, with the time at which that was acknowledged first. */
export function takenBack(clients: readonly ClientLine[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const line of clients) {
    if (line.kind !== 'cancelled' || line.status !== 200) continue
    const key = subjectKey(line.tenant, line.action_id)
    if (!first.has(key)) first.set(key, line.at)
  }
  return first
}

/** What people decided that may have been taken: what was not refused, and what nobody knows the answer to. */
export function takenOrders(orders: readonly OrderLine[]): readonly OrderLine[] {
  const facts = ({ tenant, person, action_id, step, choice }: OrderLine) =>
    [tenant, person, action_id, step, choice].join(' ')
  return [...groupBy(orders, facts).values()].flatMap((lines) => {
    const [begun, answered] = (['ordering', 'ordered'] as const).map((kind) =>
      lines.filter((line) => line.kind === kind),
    ) as [OrderLine[], OrderLine[]]
    const told = answered.flatMap((line, index) => (isRefused(line) ? [] : [begun[index] ?? line]))
    return [...told, ...begun.slice(answered.length)]
  })
}

function isRefused({ status }: OrderLine): boolean {
  return status != null && status >= 400 && status < 500
}

export function subjectKey(tenant: string, subject: string): string {
  return `${tenant}/${subject}`
}

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

export const effectsIn = (books: readonly BookedLine[]): readonly BookedLine[] =>
  books.filter(({ kind }) => kind === 'effect')
