import { Refused, type Reply } from '../reply.js'

/** An answer in the form of Jira's errors: general messages, and messages by field. */
function errorReply(status: number, errorMessages: string[], errors: Record<string, string> = {}): Reply {
  return { status, body: { errorMessages, errors } }
}

/** Fields that cannot be accepted, with the reason for each. */
export function badFields(errors: Record<string, string>): Refused {
  return new Refused(errorReply(400, [], errors), false)
}

export function badRequest(message: string): Refused {
  return new Refused(errorReply(400, [message]), false)
}

export function noSuchIssue(): Refused {
  return new Refused(errorReply(404, ['Issue does not exist or you do not have permission to see it.']), true)
}

/** Answers that no endpoint gives. */
export const plainAnswers = {
  refused: () => errorReply(403, ['You do not have permission to do this in this project.']),
  unavailable: () => errorReply(503, ['The tracker is not available at the moment.']),
  failed: () => errorReply(500, ['Internal server error']),
  unknownRoute: (method: string, path: string) => errorReply(404, [`There is no ${method} ${path} here.`]),
  unreadable: (problem: string) => errorReply(400, [problem]),
  tooMany: (seconds: number): Reply => ({
    ...errorReply(429, ['Rate limit exceeded.']),
    headers: { 'retry-after': String(seconds) },
  }),
}

export const unauthorized = errorReply(401, ['Client must be authenticated to access this resource.'])
