import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { ExequaturError, type Problem } from '../domain/errors.js'
import { pointerTo } from './strict-json.js'

type Issue = z.core.$ZodIssue

/** Checks each part of a request against its schema; what does not fit is `EXQ-1002`, with a pointer to every problem. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    const result = schema.safeParse(data, { reportInput: true })
    if (result.success) return { value: result.data }
    if (httpPart === 'body' && data === null) return { error: new ExequaturError('EXQ-1001', 'there is no body') }
    const problems = problemsOf(result.error.issues, '')
    const [first, ...more] = problems
    const detail = `${first?.pointer || `the ${httpPart}`} ${first?.message}`
    return {
      error: new ExequaturError('EXQ-1002', more.length > 0 ? `${detail}, and ${more.length} more` : detail, problems),
    }
  }

function problemsOf(issues: readonly Issue[], at: string): Problem[] {
  return issues.flatMap((issue) => {
    const pointer = issue.path.reduce<string>(pointerTo, at)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: pointerTo(pointer, key), message: 'is not a known field' }))
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return problemsOf(closest(issue.errors), pointer)
    return [{ pointer, message: messageOf(issue) }]
  })
}

/** The alternative that was meant: the one with the fewest fields it does not know, the first of several. */
function closest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const strangers = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0)
  return alternatives.reduce((best, issues) => (strangers(issues) < strangers(best) ? issues : best))
}

function messageOf(issue: Issue): string {
  return 'input' in issue && issue.input === undefined ? 'is required' : issue.message
}
