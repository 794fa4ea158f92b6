import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FinalLine } from './checker/evidence.js'
import { apiOf } from './clients/api.js'
import type { CampaignStack } from './stack/open-stack.js'

interface Seen {
  readonly outcome: string | null
  readonly stage: string
  readonly problem: { readonly code: string } | null
  readonly steps: readonly { readonly id: string; readonly status: string; readonly effect: string | null }[]
}

interface Attentions {
  readonly items: readonly { readonly action_id: string; readonly state: string }[]
  readonly next: string | null
}

/**
 * Looks at each action through the API until it has ended, or waits for a person who may leave it; resolves to what was
 * said of each last.
 */
export async function waitUntilSettled(
  stack: Pick<CampaignStack, 'api' | 'tokens'>,
  actions: readonly { readonly tenant: string; readonly action_id: string }[],
  { withinSeconds, peopleDecide }: { readonly withinSeconds: number; readonly peopleDecide: boolean },
): Promise<readonly FinalLine[]> {
  const started = Date.now()
  const seconds = () => (Date.now() - started) / 1_000
  const final = new Map<string, FinalLine>()
  let open = actions
  while (open.length > 0) {
    const seen = await inTurn(open, look)
    // After the actions: an attention that has closed by itself is none that anybody waits for.
    const asked = await askedFor([
      ...new Set(seen.filter(({ outcome }) => outcome === null).map(({ tenant }) => tenant)),
    ])
    const still: (typeof open)[number][] = []
    for (const line of seen) {
      const key = `${line.tenant}/${line.action_id}`
      const waits = line.outcome === null && line.status === 200 && asked.has(key) ? 'person' : null
      final.set(key, { ...line, waits })
      if (line.outcome === null && (waits === null || peopleDecide)) still.push(line)
    }
    if (seconds() > withinSeconds) break
    open = still
    if (open.length > 0) await pause(1_000)
  }
  return [...final.values()]

  async function look({ tenant, action_id }: (typeof actions)[number]): Promise<FinalLine> {
    const { status, body } = await apiOfPerson(tenant)('GET', `/v1/actions/${action_id}`)
    const { outcome = null, problem, steps = [] } = body as unknown as Seen
    return {
      tenant,
      action_id,
      status: status ?? 0,
      outcome,
      code: problem?.code ?? null,
      steps: steps.map(({ id, status: state, effect }) => ({ id, status: state, effect })),
      waits: null,
      seconds_after_faults: seconds(),
    }
  }

  /** Actions that a person has been asked to settle, and can still decide on: none that nobody could be shown. */
  async function askedFor(tenants: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = new Set<string>()
    for (const tenant of tenants) {
      for (let cursor: string | null = ''; cursor !== null; ) {
        const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
        const { status, body } = await apiOfPerson(tenant)('GET', `/v1/attention?all=true&limit=100${from}`)
        const { items, next } = status === 200 ? (body as unknown as Attentions) : { items: [], next: null }
        for (const { action_id, state } of items) if (state === 'open') asked.add(`${tenant}/${action_id}`)
        cursor = next
      }
    }
    return asked
  }

  function apiOfPerson(tenant: string) {
    return apiOf(stack.api, stack.tokens[tenant]?.people.olga ?? '')
  }
}

/** Keeps for the judge what was said last. */
export async function writeFinal(home: string, lines: readonly FinalLine[]): Promise<void> {
  await writeFile(join(home, 'final.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** One after the other: looking is to disturb nothing. */
async function inTurn<Item, Found>(items: readonly Item[], look: (item: Item) => Promise<Found>): Promise<Found[]> {
  const found: Found[] = []
  for (const item of items) found.push(await look(item))
  return found
}
