import { type Api, createApi } from '../api.js'
import { findConnection, namesIn } from '../connection.js'
import { devJsonPath, readDevJson } from '../dev-json.js'
import { stoppable } from '../stoppable.js'
import type { Terminal } from '../terminal.js'
import { whatIsAsked } from '../what-is-asked.js'
import type { Place } from './place-of.js'

/** A value, and what it stands for, in a few words. */
export type Candidate = readonly [value: string, meaning: string]

interface Asked {
  readonly place: Place
  readonly terminal: Pick<Terminal, 'env' | 'cwd'>
  /** Throws where no server or no credential is known. */
  readonly api: () => Api
}

type Source = (asked: Asked) => Promise<readonly Candidate[]> | readonly Candidate[]

// Somebody pressed a key and waits: Ctrl-C ends that sooner, and a server that is slow for once is still of use.
const answerWithinMs = 5_000
const newest = 50

/** Where names and ids come from; none of these asks a server for anything that is no id or name of a tool. */
const sources = {
  principals: ({ terminal }) => namesOf(terminal).map((name) => [name, '']),
  agents: ({ terminal }) => without('agent', namesOf(terminal)),
  people: ({ terminal }) => without('person', namesOf(terminal)),
  tools: async ({ api }) => (await api().listTools()).items.map(({ name, title }) => [name, title]),
  approvals: ({ api }) => approvalsIn(api()),
  'decided approvals': ({ api }) => decidedIn(api()),
  attention: ({ api }) => attentionIn(api()),
  actions: ({ api }) => actionsIn(api(), () => true),
  'open actions': ({ api }) => actionsIn(api(), ({ outcome }) => outcome === null),
  'anything to look at': ({ api }) => anythingIn(api()),
  reviews: async ({ api }) =>
    (await api().listReviews({ limit: newest })).items.map(({ action_id, agent }) => [action_id, `by ${agent}`]),
  keys: async ({ api }) => (await api().listKeys()).items.map(({ key_id }) => [key_id, '']),
  'policy changes': async ({ api }) =>
    (await api().listPolicyChanges(newest)).items.map(({ id, state, note }) => [id, `${state}: ${note}`]),
  'shadow effects': async ({ api }) =>
    (await api().listShadowEffects({ limit: newest })).items.map(({ id, summary }) => [id, summary]),
  stoppable: () => stoppable.map((kind) => [kind, '']),
  'names to stop': (asked) => namesToStop(asked),
} satisfies Record<string, Source>

export type SourceName = keyof typeof sources
export type Candidates = readonly Candidate[]

/** What a source knows. Never throws: where nothing can be known, there is nothing to offer. */
export async function valuesFrom(
  name: SourceName | undefined,
  place: Place,
  terminal: Pick<Terminal, 'env' | 'cwd'>,
): Promise<Candidates> {
  if (name === undefined) return []
  const api = () => {
    const [as, token, url] = ['--as', '--token', '--api'].map((flag) => place.given.get(flag))
    const options = { ...(as && { as }), ...(token && { token }), ...(url && { api: url }) }
    return createApi(findConnection(options, terminal), { answerWithinMs })
  }
  try {
    return await (sources[name] as Source)({ place, terminal, api })
  } catch {
    return []
  }
}

async function approvalsIn(api: Api): Promise<Candidates> {
  const { items } = await api.listApprovals({ limit: newest })
  return items.map((each) => [each.id, `${each.risk}: ${whatIsAsked(each)}`])
}

/** What the caller has voted on, where a vote may still be taken back. */
async function decidedIn(api: Api): Promise<Candidates> {
  const { items } = await api.listDecisions({ limit: newest })
  return items
    .filter(({ state }) => state === 'waiting' || state === 'approved')
    .map((each) => [each.id, `${each.state}: ${whatIsAsked(each)}`])
}

async function attentionIn(api: Api): Promise<Candidates> {
  const { items } = await api.listAttention({ limit: newest })
  return items.map(({ id, tool, resource }) => [id, `${tool} on ${resource}`])
}

/** Agents may list some of it only. */
async function anythingIn(api: Api): Promise<Candidates> {
  const all = [approvalsIn(api), attentionIn(api), actionsIn(api, () => true)]
  return (await Promise.allSettled(all)).flatMap((found) => (found.status === 'fulfilled' ? found.value : []))
}

async function actionsIn(api: Api, which: (action: { outcome: string | null }) => boolean): Promise<Candidates> {
  const { items } = await api.listActions({ limit: newest })
  return items
    .filter(which)
    .map(({ id, steps, outcome, stage }) => [
      id,
      `${steps.map(({ tool }) => tool).join(', ')}, ${outcome ?? `in ${stage}`}`,
    ])
}

function namesToStop({ place, terminal, api }: Asked): ReturnType<Source> {
  const [kind] = place.args
  if (kind === 'agent') return without('agent', namesOf(terminal))
  if (kind === 'owner') return without('person', namesOf(terminal))
  return kind === 'tool' ? sources.tools({ place, terminal, api }) : []
}

function namesOf(terminal: Pick<Terminal, 'env' | 'cwd'>): string[] {
  return namesIn(readDevJson(devJsonPath(terminal)))
}

function without(kind: 'agent' | 'person', names: readonly string[]): Candidate[] {
  return names.filter((name) => name.startsWith(`${kind}:`)).map((name) => [name.slice(kind.length + 1), ''])
}
