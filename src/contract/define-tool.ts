import type { z } from 'zod'
import { canonical } from '../digest.js'
import { notCommitted } from './not-committed.js'
import { toContract } from './to-contract.js'
import type { Compensate, Tool, ToolDefinition, Verify, VerifyCompensation } from './tool.js'

/** Declares a tool. Throws `EXQ-7005` for what a contract cannot carry. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { contract, digest } = toContract(definition)
  type Args = z.output<Input>
  return {
    contract,
    digest,
    deprecated: definition.deprecated ?? null,
    credentials: definition.credentials ?? {},
    effect: definition.effect,
    parseArgs: (args) => asDecided(args, definition.input.parse(args)),
    parseOutput: (output) => definition.output.parse(output),
    execute: (args, call) => definition.execute(args as Args, call),
    listEffects: definition.listEffects ?? null,
    verify: definition.verify
      ? (args, output, call) =>
          (definition.verify as Verify<Input, Output>)(args as Args, output as z.output<Output> | null, call)
      : null,
    compensate: definition.compensate
      ? (args, output, call) =>
          (definition.compensate as Compensate<Input, Output>)(args as Args, output as z.output<Output>, call)
      : null,
    verifyCompensation: definition.verifyCompensation
      ? (args, output, call) =>
          (definition.verifyCompensation as VerifyCompensation<Input, Output>)(
            args as Args,
            output as z.output<Output>,
            call,
          )
      : null,
  }
}

/** Some formats rewrite what they parse, `z.url()` for one: nothing runs but what the policy saw. */
function asDecided(args: unknown, parsed: Record<string, unknown>): Record<string, unknown> {
  if (canonical(parsed) === canonical(args)) return parsed
  throw notCommitted('the input schema rewrites the arguments, so that they are not those that were decided on')
}
