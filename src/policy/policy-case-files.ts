import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { dimensions } from '../domain/budget.js'
import { ExequaturError, type Problem } from '../domain/errors.js'
import { isObject } from '../domain/json.js'

const facts = z.record(z.string(), z.json())
const counts = z.record(z.string(), z.int().nonnegative())

const used = z.int().nonnegative().optional()

/** One question to the policy and the answer it has to give, as people write it in `*.yaml`. */
const policyCase = z.strictObject({
  description: z.string().min(1),
  tenant: z.string().default('tenant'),
  principal: z.strictObject({
    id: z.string().regex(/^(agent|service):\S+$/, 'an id is agent:<name> or service:<name>'),
    groups: z.array(z.string()).default([]),
    owner: z.string().optional(),
    environment: z.string().optional(),
  }),
  /** `refund_invoice`, or `refund_invoice/compensate` for undoing it. */
  tool: z.string(),
  args: facts,
  /** What the tool's observation found. */
  observed: facts.optional(),
  context: z
    .strictObject({
      requires_approval: z.boolean().default(false),
      on_behalf_of: z.string().optional(),
    })
    .prefault({}),
  /** What the agent did and read before; `id` is a session that the credential confirms. */
  session: z
    .strictObject({
      id: z.string().optional(),
      calls: z.int().nonnegative().default(0),
      read_untrusted: z.boolean().default(false),
      read_sensitive: z.boolean().default(false),
    })
    .prefault({}),
  /** What is used with the call, where that is more than the call alone: `{ owner: { spend_cents: 60000 } }`. */
  totals: z
    .partialRecord(z.enum(dimensions), z.strictObject({ calls: used, writes: used, spend_cents: used }))
    .default({}),
  plan: z
    .strictObject({ goal: z.string().optional(), steps: z.int().positive().default(1), writes: z.int().optional() })
    .prefault({}),
  /** Approvals that exist, by group; `approvers` and `groups` count people and different groups. */
  approvals: counts.default({}),
  expect: z.strictObject({
    result: z.enum(['allow', 'deny', 'require-approval']),
    /** Ids of all deciding policies, in any order. */
    policies: z.array(z.string()).optional(),
    requirements: counts.optional(),
    explanation_contains: z.string().optional(),
  }),
})

export type PolicyCase = z.output<typeof policyCase> & { readonly file: string }

const caseFile = z.strictObject({
  about: z.string().min(1),
  /** Facts that all cases of the file share. */
  given: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(z.record(z.string(), z.unknown())).min(1),
})

/** Reads all `*.yaml` of a folder. Throws `EXQ-7001` if there are none, or with all that is wrong in them. */
export async function readPolicyCases(folder: string): Promise<PolicyCase[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ExequaturError('EXQ-7001', `the folder of policy cases ${folder} cannot be read`, [], { cause: error })
  })
  const files: Record<string, string> = {}
  for (const name of names.filter((name) => name.endsWith('.yaml')).sort()) {
    files[name] = await readFile(join(folder, name), 'utf8')
  }
  if (Object.keys(files).length === 0) throw new ExequaturError('EXQ-7001', `there are no policy cases in ${folder}`)
  return parsePolicyCases(files)
}

/**
 * Parses files of policy cases. What a case says is laid over what its file has `given`; `args`, `observed` and the
 * like field by field.
 */
export function parsePolicyCases(files: Readonly<Record<string, string>>): PolicyCase[] {
  const problems: Problem[] = []
  const cases = Object.entries(files).flatMap(([file, text]) => parseFile(file, text, problems))
  if (problems.length > 0) {
    const all = problems.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`).join('; ')
    throw new ExequaturError('EXQ-7001', all, problems)
  }
  return cases
}

function parseFile(file: string, text: string, problems: Problem[]): PolicyCase[] {
  const complain = (issues: readonly z.core.$ZodIssue[], ...at: PropertyKey[]) =>
    issues.map(({ path, message }) => problems.push({ pointer: ['', file, ...at, ...path].join('/'), message }))
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    problems.push({ pointer: `/${file}`, message: String(error instanceof Error ? error.message : error).trim() })
    return []
  }
  const parsed = caseFile.safeParse(content)
  if (!parsed.success) {
    complain(parsed.error.issues)
    return []
  }
  const { given, cases } = parsed.data
  return cases.flatMap((each, index) => {
    const complete = policyCase.safeParse(lay(each, given))
    if (complete.success) return { ...complete.data, file }
    complain(complete.error.issues, 'cases', index)
    return []
  })
}

function lay(over: Record<string, unknown>, under: Record<string, unknown>): Record<string, unknown> {
  const laid = { ...under, ...over }
  for (const [name, value] of Object.entries(over)) {
    const below = under[name]
    if (isObject(value) && isObject(below)) laid[name] = { ...below, ...value }
  }
  return laid
}
