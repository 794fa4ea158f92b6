import { setTimeout as pause } from 'node:timers/promises'
import { exchangesOf, untilReadable } from '../lost-runs.js'
import { type Called, type CallOptions, openStage, type Stage } from '../stage.js'
import { falseClaim, falseFinding } from '../told-truth.js'
import { hold } from '../trial.js'
import { all, type ToolTrial, type TrialSetting } from './trial-of.js'

const graceMs = 1_000
const aWhile = 500
const timesWithoutRelay = 3

/** Calls the tool; resolves to what it comes to once it was called, or will not be. */
async function callNow(stage: Stage, options: CallOptions): Promise<{ readonly called: Promise<Called> }> {
  let begun = () => {}
  const begins = new Promise<void>((done) => {
    begun = done
  })
  const called = stage.execute({ ...options, begun })
  await Promise.race([begins, called])
  return { called }
}

/** How a call ends that is aborted at some moment: held at an exchange, or after so many milliseconds. */
async function abortAt(setting: TrialSetting, moment: { exchange: number } | { ms: number }): Promise<void> {
  const stage = await openStage(setting)
  const what = 'exchange' in moment ? `aborted at answer ${moment.exchange}` : `aborted after ${moment.ms} ms`
  const abort = new AbortController()
  const aborted = new Promise<void>((done) => abort.signal.addEventListener('abort', () => done(), { once: true }))
  const stop = () => abort.abort(new Error('the call was aborted'))
  const { signal } = abort
  if ('ms' in moment) setTimeout(stop, moment.ms)
  const { called } = await callNow(stage, {
    signal,
    ...('exchange' in moment && { plan: { at: moment.exchange, how: 'hold-answer', done: stop } }),
  })
  await Promise.race([aborted, called])
  if (!signal.aborted) return
  const ended = await Promise.race([called, pause(graceMs, null)])
  const before = await stage.count()
  setting.relay?.release()
  hold(ended !== null, `${what}: it goes on for more than ${graceMs} ms`)
  await pause(aWhile)
  const { made } = await stage.count()
  // Without a relay a request that was on its way may still arrive.
  hold(!setting.relay || made === before.made, `${what}: it went on, and had ${made - before.made} effects more`)
  await requireTruth(stage, what, ended, made)
}

async function requireTruth(
  stage: Stage,
  what: string,
  ended: Awaited<ReturnType<Stage['execute']>>,
  made: number,
): Promise<void> {
  if (!stage.tool.verify) return
  await untilReadable(stage)
  const looked = await stage.verify(null)
  const wrong = falseClaim(ended, made) ?? falseFinding(looked, made > 0, stage.tool.contract.downstream.class)
  hold(wrong === null, `${what}: ${wrong}`)
}

export const abortTrials: readonly ToolTrial[] = [
  {
    name: 'aborted in the middle it stops, and verification tells what it came to',
    appliesTo: all,
    carryOut: async (setting) => {
      if (setting.relay) {
        const exchanges = await exchangesOf(setting)
        for (let exchange = 1; exchange <= exchanges; exchange += 1) await abortAt(setting, { exchange })
        return
      }
      const stage = await openStage(setting)
      const started = performance.now()
      await stage.execute()
      const took = performance.now() - started
      for (let part = 1; part <= timesWithoutRelay; part += 1)
        await abortAt(setting, { ms: Math.floor((took * part) / (timesWithoutRelay + 1)) })
    },
  },
  {
    name: 'called after its deadline it does nothing',
    appliesTo: all,
    carryOut: async (setting) => {
      const stage = await openStage(setting)
      const { called } = await callNow(stage, { signal: AbortSignal.abort(new Error('the deadline has passed')) })
      const ended = await Promise.race([called, pause(graceMs, null)])
      hold(ended !== null, `it goes on for more than ${graceMs} ms`)
      const { made } = await stage.count()
      hold(made === 0, `it had ${made} effects`)
    },
  },
]
