import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isObject, type JsonObject } from '../../domain/json.js'
import { apiCommand, type CliCommand, several } from '../cli-command.js'
import { usageError } from '../cli-error.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { readPolicySources } from '../policy-sources.js'
import type { Run } from '../session.js'
import { renderSimulation } from '../show-explanation.js'
import type { Terminal } from '../terminal.js'

interface Options extends ConnectionOptions {
  readonly agent: string
  readonly draft?: string
  readonly observed?: string
  readonly approval?: readonly string[]
  readonly session?: string
}

const command = 'exq policy simulate'

export function policySimulate(run: Run): CliCommand {
  return apiCommand('simulate <request.json>', 'Ask what the policy would say of one request: in force, or in a draft.')
    .completing({ '--agent': 'agents' })
    .requiredOption('--agent <name>', 'Who would ask.')
    .option('--draft <path>', 'Other policies: a configuration, or a folder of *.cedar files.')
    .option('--observed <file>', 'What the reads would find, as JSON: of the one step, or by step id.')
    .option('--approval <group=count>', 'Approvals as if they were given; repeatable.', several)
    .option('--session <id>', 'Whose history counts; else what the agent did lately.')
    .example('exq policy simulate request.json --agent support_refunds_v2 --observed invoice.json --as ann')
    .action(
      run(async ({ output, terminal, api }, file: string, options: Options) => {
        const request = await readJson(file, terminal)
        const context = isObject(request.context) ? request.context : {}
        const simulation = await api(options).simulatePolicies({
          request: { ...request, context: { request_id: 'simulated', ...context } },
          agent: options.agent,
          approvals: approvalsIn(options.approval ?? []),
          ...(options.session !== undefined && { session: options.session }),
          ...(options.observed !== undefined && { observed: await readObserved(options.observed, request, terminal) }),
          ...(options.draft !== undefined && { policies: await readDraft(options.draft, terminal) }),
        })
        output.show(simulation, renderSimulation)
        return exitCodes.ok.code
      }),
    )
}

async function readObserved(file: string, request: Record<string, unknown>, terminal: Terminal): Promise<JsonObject> {
  const observed = (await readJson(file, terminal)) as JsonObject
  // A lone call is a plan of one step, which is called so.
  return 'plan' in request ? observed : { step1: observed }
}

async function readDraft(path: string, terminal: Terminal): Promise<Readonly<Record<string, string>>> {
  const draft = resolve(terminal.cwd, path)
  const found = await stat(draft).catch(() => null)
  if (!found?.isDirectory()) return (await readPolicySources({ config: path }, terminal)).files
  const { readPolicyFiles } = await import('../../policy/policy-files.js')
  return readPolicyFiles(draft)
}

async function readJson(file: string, terminal: Terminal): Promise<Record<string, unknown>> {
  const text = await readFile(resolve(terminal.cwd, file), 'utf8').catch(() => {
    throw usageError(`${file} cannot be read`, command)
  })
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {}
  throw usageError(`${file} is not a JSON object`, command)
}

function approvalsIn(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((each) => {
      const [, group, count] = /^([a-z][a-z0-9_]*)=(\d{1,2})$/.exec(each) ?? []
      if (group === undefined) throw usageError(`--approval ${each}: it is group=count`, command)
      return [group, Number(count)]
    }),
  )
}
