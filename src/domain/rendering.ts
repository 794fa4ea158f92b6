import { consequencesOf } from './consequences.js'
import { risks } from './contract.js'
import type { Envelope } from './envelope.js'
import { flagName, flagsOf } from './flags.js'
import { isObject } from './json.js'
import { sumOf, tellMoney } from './money.js'
import { printable, quoted } from './printable.js'
import type { RenderedStep, Rendering, Shown } from './rendered.js'
import { renderChange, renderDone, renderStep, tellResource } from './rendered-steps.js'
import { nameOfChange, saidBefore } from './shown-texts.js'
import { type Showing, showKeys, showName, showText } from './shown-values.js'

/**
 * What approvers are shown of an envelope, from its content alone: what to look at closely, what happens to what, every
 * leaf of the arguments. The agent's own words are in `said`, and in nothing else but values, names and ids, where they
 * are in quotes unless they are plain. `digestOf` names the whole of a text that is cut.
 */
export function describeEnvelope(envelope: Envelope, digestOf: (text: string) => string): Rendering {
  return describe(envelope, { digestOf, whole: false })
}

/** The same with nothing left out, however much there is. A vote is not for this one: it names what was sealed. */
export function describeWhole(envelope: Envelope): Rendering {
  return describe(envelope, { whole: true })
}

function describe(envelope: Envelope, showing: Showing): Rendering {
  const { chain, request } = envelope
  const steps = envelope.steps.map((step) => renderStep(step, showing))
  const amount = sumOf(steps.flatMap((step) => step.amount ?? []))
  return {
    rendering: 1,
    tenant: quoted(envelope.tenant),
    risk: risks.findLast((risk) => steps.some((step) => step.risk === risk)) ?? 'critical',
    headline: headlineOf(steps, amount && tellMoney(amount)),
    amount,
    target: targetOf(steps),
    flags: flagsOf(envelope).map((flag) => ({ name: flagName(flag), says: flag.says })),
    asks: {
      agent: quoted(chain.agent),
      owner: chain.owner && quoted(chain.owner),
      on_behalf_of: chain.on_behalf_of && quoted(chain.on_behalf_of),
      actors: (chain.actors ?? []).map(quoted),
    },
    steps,
    done: (envelope.done ?? []).map((step) => renderDone(step, showing)),
    ...changesOf(envelope, showing),
    policy: { digest: envelope.policy_digest, says: printable(envelope.explanation) },
    requirements: envelope.requirements,
    bounds: Object.entries(request.plan.bounds ?? {}).map(([name, limit]) => ({ name, limit })),
    // biome-ignore lint/suspicious/noThenProperty: it is no function, and what people ask: what happens then.
    then: consequencesOf(envelope),
    expires_at: envelope.expires_at,
    remind_at: envelope.remind_at ?? null,
    escalations: envelope.escalations ?? [],
    binding: bindingOf(envelope, showing),
    said: saidIn(envelope, showing),
    asked_before: (envelope.asked_before ?? []).map((before) => ({
      action_id: before.action_id,
      at: before.at,
      explanation: showText(saidBefore(before), showing),
    })),
  }
}

/** The description that a text is; null for the plain text of envelopes that were sealed before there were any. */
export function readRendering(text: string): Rendering | null {
  try {
    const read: unknown = JSON.parse(text)
    return isObject(read) && read.rendering === 1 && Array.isArray(read.steps) ? (read as unknown as Rendering) : null
  } catch {
    return null
  }
}

/** What moved since it was decided before, and what people amended: the older value before the newer one. */
function changesOf(
  { moved = [], amendments = [], previous = '' }: Envelope,
  showing: Showing,
): Pick<Rendering, 'moved' | 'amendments' | 'previous'> {
  const named = (pointer: string, of: 'moved' | 'amended') => showKeys(nameOfChange(pointer, of), showing)
  return {
    moved: moved.flatMap(({ step, changes }) =>
      changes.map((change) => ({ step, ...renderChange(named(change.pointer, 'moved'), change, showing) })),
    ),
    amendments: amendments.map(({ step, amended_by, reason, changes }) => ({
      step,
      amended_by: quoted(amended_by),
      reason: showText(reason, showing),
      changes: changes.map((change) => renderChange(named(change.pointer, 'amended'), change, showing)),
    })),
    previous: previous || null,
  }
}

const mostTitles = 3

// Of several steps only titles, which are the contracts' words: nothing of the agent's comes between them.
function headlineOf(steps: readonly RenderedStep[], amount: string | null): Shown {
  const [only] = steps
  if (only && steps.length === 1) return only.summary
  const titles = steps.slice(0, mostTitles).map(({ title }) => title)
  const more = steps.length > mostTitles ? [`${steps.length - mostTitles} more`] : []
  return { text: `${amount ? `${amount} in ` : ''}${steps.length} steps: ${[...titles, ...more].join(', then ')}` }
}

function targetOf(steps: readonly RenderedStep[]): Shown {
  const [first] = steps
  const targets = new Set(steps.map(({ resource }) => JSON.stringify(resource)))
  if (!first || targets.size !== 1) return { text: `${targets.size} resources` }
  const { cut } = first.resource.id
  return { text: tellResource(first.resource), ...(cut && { cut }) }
}

function bindingOf({ request: { context } }: Envelope, showing: Showing): Rendering['binding'] {
  const { ticket_id, incident_id, user_id, request_id } = context
  const named = { ticket: ticket_id, incident: incident_id, user: user_id, request: request_id } as const
  return (['ticket', 'incident', 'user', 'request'] as const).flatMap((kind) => {
    const id = named[kind]
    return id === undefined ? [] : [{ kind, id: showName(id, showing) }]
  })
}

function saidIn({ request }: Envelope, showing: Showing): Rendering['said'] {
  const words = { goal: request.plan.goal, reason: request.context.reason }
  return (['goal', 'reason'] as const).flatMap((kind) => {
    const text = words[kind]
    return text === undefined ? [] : [{ kind, text: showText(text, showing) }]
  })
}
