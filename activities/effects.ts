import { setTimeout as pause } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import { isLeaseRefused } from '../src/contract/lease-refused.js'
import type { ListedEffect, Tool } from '../src/contract/tool.js'
import { shortId } from '../src/digest.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { isObject } from '../src/domain/json.js'
import type { EffectsRef, EffectsReport } from '../src/domain/reconciler.js'
import { explainedBy, type FoundEffect, shadowsAmong } from '../src/domain/shadow-effects.js'
import { stoppedBy, tellStop } from '../src/domain/stop.js'
import { callsByKey, keysOfOthers } from '../src/ledger/queries/calls-by-key.js'
import { loadExplained, recordExplained } from '../src/ledger/queries/explained-effects.js'
import { type EffectLook, recordEffectLook } from '../src/ledger/queries/record-effect-look.js'
import { recordLookLeases } from '../src/ledger/queries/record-look-leases.js'
import { recordLookResult } from '../src/ledger/queries/record-look-result.js'
import { recordShadows } from '../src/ledger/queries/record-shadows.js'
import { messageOf } from './attempt-call.js'
import type { ExecutorDeps } from './call.js'
import { within } from './deadline.js'
import { lease } from './lease.js'
import { type Heard, noteSlotUse, type SlotUse, takeSlotNow } from './slot.js'

/** What looking for effects takes, beside what every executor has. */
export type EffectsDeps = ExecutorDeps & {
  /** How often a look is due; any number, if left out. */
  readonly effectsEveryMs?: number
}

// What the downstream shows late, or dates by a clock of its own, is met by the next look.
const overlapMs = 5 * 60_000
const mostListed = 10_000
// Whoever waits longer for a slot is in the way of calls: the next look covers this one's span.
const patienceMs = 5_000

/**
 * Compares the effects that a tool lists with the calls of its tenant, as `service:reconciler`, under a look that is
 * recorded before the downstream is asked. What no call explains is recorded, and told to whoever runs the executor.
 */
export async function lookForEffects(deps: EffectsDeps, { tenant, tool: name }: EffectsRef): Promise<EffectsReport> {
  const nothing = (problem: string): EffectsReport => ({ listed: 0, shadows: 0, problem })
  const authority = await deps.authorities.current(String(tenant))
  const contract = authority?.contractOf(String(name))
  const tool = contract && deps.tools.get(contract.digest)
  if (!authority || !contract || !tool?.listEffects) return nothing('no contract that lists its effects is loaded')
  const stop = stoppedBy(authority.stops, { actors: [], tool: name, undo: true })
  if (stop) return nothing(tellStop(stop))
  const run = Context.current().info.workflowExecution
  const under = {
    authority_revision: authority.revision,
    contract_digest: contract.digest,
    executor: deps.executor,
    workflow_id: run?.workflowId ?? null,
    run_id: run?.runId ?? null,
  }
  const times = { leastMs: Math.floor((deps.effectsEveryMs ?? 0) / 2), overlapMs }
  const look = await recordEffectLook(deps.pool, { tenant, tool: name }, under, times)
  if (!look) return nothing('somebody looked a moment ago, or the authority moved')
  const result = await listInSlot(deps, tool, contract, look)
  const report = 'problem' in result ? nothing(result.problem) : await compare(deps, look, result.effects)
  await recordLookResult(deps.pool, look, report)
  if (report.problem)
    deps.warn({ tenant, tool: name, problem: report.problem }, 'the effects of a tool could not be listed')
  return report
}

async function compare(deps: EffectsDeps, look: EffectLook, effects: readonly FoundEffect[]): Promise<EffectsReport> {
  const { tenant, tool } = look
  const keys = [...new Set(effects.flatMap(({ key }) => key ?? []))]
  // After the downstream was asked: an intent is written before its call.
  const calls = await callsByKey(deps.pool, tenant, keys, look.until)
  const others = await keysOfOthers(deps.pool, tenant, keys)
  const before = await loadExplained(deps.pool, look, keys)
  const explained = explainedBy(effects, calls, before)
  const shadows = shadowsAmong(effects, calls, others, explained).map((shadow) => ({
    ...shadow,
    shadow_id: shortId('shd', tenant, tool, shadow.id, shadow.kind),
  }))
  const unknown = await recordShadows(deps.pool, look, shadows)
  await recordExplained(deps.pool, look, new Map([...explained].filter(([key]) => !before.has(key))))
  for (const { shadow_id, kind, id, call } of shadows.filter((each) => unknown.has(each.shadow_id)))
    deps.warn(
      {
        tenant,
        tool,
        shadow: shadow_id,
        kind,
        effect: id,
        ...(call && { action_id: call.action_id, step: call.step }),
      },
      'an effect that is not as the ledger says: `exq shadow list`',
    )
  return { listed: effects.length, shadows: unknown.size, problem: null }
}

type Listed = { readonly effects: readonly FoundEffect[] } | { readonly problem: string }

/** Lists the effects once the downstream may be asked: it is called as fast as it may be, by a look as by anything else. */
async function listInSlot(
  deps: EffectsDeps,
  tool: Tool,
  contract: RegisteredContract,
  look: EffectLook,
): Promise<Listed> {
  const slotUse: SlotUse = {
    tenant: look.tenant,
    contract,
    call: `effects/${look.tool}`,
    undo: false,
    timeout_ms: contract.contract.downstream.call_timeout_ms,
  }
  const problem = await untilSlot(deps, slotUse)
  if (problem) return { problem }
  const listed = await list(deps, tool, contract, look)
  await noteSlotUse(deps, slotUse, listed.heard)
  return listed
}

/** Waits for the slot of a look; resolves to why there is none soon, or else to null. */
async function untilSlot(deps: EffectsDeps, slotUse: SlotUse): Promise<string | null> {
  const until = performance.now() + patienceMs
  for (;;) {
    const waits = await takeSlotNow(deps, slotUse)
    if (!waits) return null
    if (waits.for === 'breaker' || performance.now() + waits.ms > until) return waits.why
    await pause(waits.ms)
  }
}

async function list(
  deps: EffectsDeps,
  tool: Tool,
  { contract }: RegisteredContract,
  look: EffectLook,
): Promise<Listed & { readonly heard: Heard }> {
  const deadline = new AbortController()
  const ttl_ms = contract.downstream.call_timeout_ms
  const timer = setTimeout(() => deadline.abort(new Error('the look took longer than its deadline')), ttl_ms)
  const { signal } = deadline
  try {
    const leased = await lease(deps, tool, {
      about: look,
      purpose: 'verify',
      record: (facts) => recordLookLeases(deps.pool, look, facts),
      request: {
        tenant: look.tenant,
        action_id: '',
        tool: look.tool,
        step: '',
        phase: 'list',
        attempt: look.look,
        agent: 'service:reconciler',
        on_behalf_of: null,
        scope: 'read',
        ttl_ms,
        signal,
      },
    })
    const { credentials, secrets } = leased
    try {
      const span = { since: new Date(look.since), until: new Date(look.until) }
      const listed = await within(
        signal,
        tool.listEffects?.(span, { credentials, signal, tenant: look.tenant }) ?? Promise.resolve([]),
      )
      if (!Array.isArray(listed) || listed.length > mostListed)
        return { problem: `listEffects takes a list of ${mostListed} effects at most`, heard: 'answered' }
      const effects = listed.map((each) => asFound(each, (text) => messageOf(text, secrets)))
      return { effects: effects.filter((each) => each !== null), heard: 'answered' }
    } catch (error) {
      return { problem: messageOf(error, secrets), heard: 'unsure' }
    } finally {
      await leased.release()
    }
  } catch (error) {
    return {
      problem: isLeaseRefused(error) ? error.message : 'the credentials cannot be had',
      heard: 'not-made',
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Text of a downstream, short and without a secret; null for what has no id. */
function asFound(listed: ListedEffect, clean: (text: string) => string): FoundEffect | null {
  if (!isObject(listed) || typeof listed.id !== 'string' || listed.id === '') return null
  const { id, idempotencyKey, at, summary } = listed as Partial<ListedEffect> & { id: string }
  const time = Date.parse(String(at))
  return {
    id: clean(id),
    key: typeof idempotencyKey === 'string' ? clean(idempotencyKey) : null,
    at: Number.isNaN(time) ? null : new Date(time).toISOString(),
    summary: clean(String(summary ?? '')),
  }
}
