import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema, RegisteredContract } from '../domain/contract.js'
import type { Problem } from '../domain/errors.js'
import type { Step } from '../domain/request.js'

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false })
const compiled = new Map<string, ValidateFunction>()

/** Checks a step's arguments against its contract's JSON Schema; fields in `filledLater` are left out. */
export function checkArgs(registered: RegisteredContract, step: Step, filledLater: readonly string[]): Problem[] {
  const skip = [...filledLater].sort()
  const validate = validator(registered.digest, registered.contract.input, skip)
  const args = Object.fromEntries(Object.entries(step.args).filter(([field]) => !skip.includes(field)))
  return validate(args) ? [] : problemsOf(validate)
}

/** Checks an output, or complete arguments, against one side of a contract. */
export function checkSide(registered: RegisteredContract, side: 'input' | 'output', value: unknown): Problem[] {
  const validate = validator(`${registered.digest}/${side}`, registered.contract[side], [])
  return validate(value) ? [] : problemsOf(validate)
}

function validator(key: string, schema: JsonSchema, skip: readonly string[]): ValidateFunction {
  const id = `${key}-${skip.join(',')}`
  const known = compiled.get(id)
  if (known) return known
  const { required, ...rest } = schema as { required?: string[] }
  const validate = ajv.compile({
    ...rest,
    ...(required && { required: required.filter((field) => !skip.includes(field)) }),
  })
  compiled.set(id, validate)
  return validate
}

function problemsOf(validate: ValidateFunction): Problem[] {
  return (validate.errors ?? []).map((error) => ({
    pointer: error.instancePath + fieldOf(error),
    message:
      error.keyword === 'additionalProperties'
        ? `there is no argument ${error.params.additionalProperty}`
        : error.keyword === 'enum'
          ? `must be one of ${(error.params.allowedValues as unknown[]).join(', ')}`
          : (error.message ?? 'is not valid'),
  }))
}

/** The field that is missing or too much: the validator points at the object around it. */
function fieldOf({ keyword, params }: ErrorObject): string {
  if (keyword === 'required') return `/${params.missingProperty}`
  return keyword === 'additionalProperties' ? `/${params.additionalProperty}` : ''
}
