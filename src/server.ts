import { pathToFileURL } from 'node:url'
import { attendToShadows } from '../activities/shadow-attention.js'
import { attendToSilent } from '../activities/silent-attention.js'
import { readConfig } from './config/config.js'
import { policyRuleOf } from './config/policy-rule.js'
import { slackOptionsOf } from './config/slack-options.js'
import { type Context, sayReady, stopOnSignal } from './context.js'
import { type Overdue, remindOfAttention } from './control-plane/attention/remind-of-attention.js'
import type { ControlPlane } from './control-plane/control-plane.js'
import { deliverHints } from './control-plane/deliver-hints.js'
import { hintWaiting } from './control-plane/hint-waiting.js'
import { publishPolicies } from './control-plane/publish-policies.js'
import { reconcileOverdue } from './control-plane/reconcile.js'
import { resumeStarts } from './control-plane/resume-starts.js'
import { sealTrails } from './control-plane/seal-trails.js'
import type { PolicyRule } from './domain/policy-change.js'
import { createHttpServer } from './http/server.js'
import type { NewPolicyChange } from './ledger/queries/record-policy-change.js'
import type { Logger } from './log.js'
import { openChannels } from './notify/open-channels.js'
import { runOutbox } from './notify/outbox.js'
import { openServer } from './open-server.js'
import { endWithParent } from './parent-watch.js'
import { periodically } from './periodic.js'
import { readPolicyFiles } from './policy/policy-files.js'
import { startSlack } from './slack/start.js'
import { warmUp } from './warm-up.js'

const sweepMs = 2_000
const lookOverMs = 10_000
const policyRetryMs = 500
const serverRun = 'server'

/** The API and the decision worker, in one process with one connection. Holds no downstream credentials and no tool code. */
export async function runServer(): Promise<void> {
  const config = await readConfig('server')
  const { context, plane, keepSchedules, close } = await openServer(config, 'exequatur-server')
  const { logger } = context
  const channels = openChannels(plane, config.deployment)
  const workspace = config.deployment.slack && slackOptionsOf(config.deployment.slack)
  const unpublished = await publishAll(context, plane)
  const http = await createHttpServer(plane, { logger, readiness: () => readiness(plane, unpublished) })
  const url = await http.listen({ host: config.env('EXEQUATUR_HOST'), port: Number(config.env('EXEQUATUR_PORT')) })
  const { every } = config.deployment.reconcileMs
  const sweeps = [
    periodically(logger, 'hints could not be delivered', sweepMs, () => deliverHints(plane)),
    periodically(logger, 'starts could not be made up for', sweepMs, () => resumeStarts(plane)),
    // Before the schedule first runs, and while somebody holds it up.
    periodically(logger, 'open actions could not be looked over', every, async () => {
      const taken = await reconcileOverdue(plane, every, serverRun)
      if (taken > 0) logger.warn({ taken }, 'open actions were taken up by the server: the schedule does not get to it')
    }),
    periodically(logger, 'the schedules of the reconciler could not be looked after', every, async () => {
      for (const found of await keepSchedules()) logger.info(found, 'a schedule of the reconciler was put right')
    }),
    periodically(logger, 'what needs attention could not be looked over', sweepMs, () =>
      remindOfAttention(plane, config.deployment.tenants, (overdue) => tellOverdue(logger, overdue)),
    ),
    periodically(logger, 'late answers could not be handed over', lookOverMs, async () => {
      for (const tenant of config.deployment.tenants) await attendToShadows(plane, { tenant })
    }),
    periodically(logger, 'calls that nobody can look at could not be handed over', lookOverMs, async () => {
      const { afterMs } = plane.attentionAlarm
      for (const tenant of config.deployment.tenants) await attendToSilent(plane, { tenant, afterMs })
    }),
    periodically(logger, 'histories could not be sealed', sweepMs, () => sealTrails(plane)),
    periodically(logger, 'policies could not be published', policyRetryMs, async () => {
      if (unpublished.size > 0) await publishAll(context, plane, unpublished)
    }),
  ]
  const slack = workspace && startSlack(plane, workspace, logger)
  const { routing: rules, tenants } = config.deployment
  const outbox = runOutbox(plane, logger, { channels: slack ? [...channels, slack.channel] : channels, rules, tenants })
  stopOnSignal(logger, async () => {
    await http.close()
    await outbox.stop()
    await slack?.stop()
    await Promise.all(sweeps.map((sweep) => sweep.stop()))
    await close()
  })
  await warmUp(plane.workflows, logger)
  sayReady({ ready: 'server', url })
}

/** Puts the adopter's policies in force where they are valid; what is not stays in the answer, by tenant, with the reason. */
async function publishAll(
  context: Context,
  plane: ControlPlane,
  unpublished = new Map<string, string>(),
): Promise<Map<string, string>> {
  const { deployment } = context.config
  const deps = { ...context, groups: deployment.groups, policyRule: policyRuleOf(deployment) }
  const files = await readPolicyFiles(deployment.policies)
  for (const tenant of deployment.tenants) {
    const reason = await publishPolicies(
      {
        ...deps,
        tell: (change) => tellWaiting(context.logger, deps, change),
        inForce: (of) => void hintWaiting(plane, of),
      },
      tenant,
      files,
    )
    if (reason === null) unpublished.delete(tenant)
    else if (unpublished.get(tenant) !== reason) {
      unpublished.set(tenant, reason)
      context.logger.warn({ tenant, reason }, 'the policies are not in force')
    }
  }
  return unpublished
}

/** A change that waits is no fault: the set in force before stays, and whoever changed the files is told how to go on. */
function tellWaiting(
  logger: Logger,
  { groups, policyRule }: { readonly groups: readonly string[]; readonly policyRule: PolicyRule },
  { tenant, change_id, people, group_name, reasons }: NewPolicyChange,
): void {
  const next = groups.includes(policyRule.group)
    ? `${people} of the group ${group_name} have to agree: exq policy agree ${change_id}`
    : `the configuration declares no group ${policyRule.group}: declare it in \`groups\` and put people into it, or name another one in \`policyChanges\``
  logger.warn({ tenant, change: change_id, reasons, next }, 'the changed policies wait for people, as they loosen')
}

function tellOverdue(logger: Logger, overdue: Overdue): void {
  const next = `exq attention show ${overdue.attention}`
  const silence = overdue.recipients.length === 0 ? 'nobody may decide on it' : 'nobody has decided on it'
  logger.warn({ ...overdue, next }, `something needs attention, and ${silence}`)
}

async function readiness(plane: ControlPlane, unpublished: ReadonlyMap<string, string>) {
  const check = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work()
      return { name, ok: true }
    } catch {
      return { name, ok: false, detail: 'does not answer' }
    }
  }
  return Promise.all([
    check('postgres', () => plane.pool.ofNobody.query('select 1')),
    check('temporal', () => plane.workflows.ping()),
    {
      name: 'policies',
      ok: unpublished.size === 0,
      ...(unpublished.size > 0 && { detail: [...unpublished.values()].join(' ') }),
    },
  ])
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  endWithParent()
  await runServer()
}
