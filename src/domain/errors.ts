import { attentionErrors } from './attention-errors.js'
import { budgetErrors } from './budget-errors.js'
import { checkErrors } from './check-errors.js'
import { downstreamErrors } from './downstream-errors.js'
import { type ErrorEntry, entry } from './error-entry.js'
import { identityErrors } from './identity-errors.js'
import { notificationErrors } from './notification-errors.js'
import { observedErrors } from './observed-errors.js'
import { passkeyErrors } from './passkey-errors.js'
import { policyErrors } from './policy-errors.js'
import { signInErrors } from './sign-in-errors.js'
import { slackErrors } from './slack-errors.js'
import { voteErrors } from './vote-errors.js'

export type { ErrorEntry }

/** Every error Exequatur gives, by code. 1 request, 2 identity, 3 policy, 4 approval, 5 execution, 6 trail, 7 set-up, 9 ours. */
export const errorTable = {
  'EXQ-1001': entry('The body is not JSON', 400, 'Send one JSON object, encoded as UTF-8.'),
  'EXQ-1002': entry(
    'The body does not have the right shape',
    400,
    'Correct the fields named in `errors`; the shapes are in /openapi.json.',
  ),
  'EXQ-1003': entry('The body is too large', 413, 'Send at most 256 KiB; pass large content by reference.'),
  'EXQ-1004': entry('The media type is not supported', 415, 'Send `content-type: application/json`.'),
  'EXQ-1005': entry('There is no such address', 404, 'See /openapi.json for the addresses.'),
  'EXQ-1101': entry('The tool is not known', 422, 'List the tools: `exq tools`.'),
  'EXQ-1102': entry('The arguments do not fit the tool', 422, 'Compare with the contract: `exq tools <name>`.'),
  'EXQ-1103': entry(
    'The context lacks what the tool is bound to',
    422,
    'Name the business object in `context`: the contract lists `binding` (`exq tools <name>`).',
  ),
  'EXQ-1104': entry(
    'The body names another identity than the credential',
    403,
    'Leave out `actor`, `tenant` and `on_behalf_of`, or make them match the credential.',
  ),
  'EXQ-1105': entry(
    'The request id was used with another body',
    422,
    'Use a new `context.request_id` for a new request.',
  ),
  'EXQ-1106': entry('The plan is not sound', 422, 'Correct what `errors` names: ids, order, references or bounds.'),
  'EXQ-1107': entry('The tool version has been withdrawn', 422, 'Use a live version: `exq tools <name>`.'),
  'EXQ-1108': entry(
    'Too many requests',
    429,
    'Wait as long as `retry-after` says, then send the same request again.',
    true,
  ),
  'EXQ-1109': entry('There is no such tool', 404, 'List the tools: `exq tools`.'),
  'EXQ-1110': entry(
    'This is stopped',
    403,
    'See who stopped it and why: `exq stops`; ask again with a new request id once it is resumed.',
  ),
  'EXQ-1111': entry(
    'Too many requests of this agent wait for people',
    429,
    'Ask again, with a new request id, once some are decided: `exq list`. The limit is `approvals.pendingPerAgent` of the configuration.',
    true,
  ),
  ...budgetErrors,
  ...identityErrors,
  ...signInErrors,
  ...policyErrors,
  'EXQ-4001': entry('There is no such approval request', 404, 'List what you may decide: `exq inbox`.'),
  'EXQ-4002': entry('The approval request is closed', 409, 'Nothing is left to decide; see `exq get <action>`.'),
  'EXQ-4003': entry(
    'This person may not decide this',
    403,
    'Ask somebody of the groups that are asked (`exq get <action>`) who is no part of the request: neither owns the agent nor is acted for, amended nothing, and wrote none of the policies that decided.',
  ),
  'EXQ-4004': entry(
    'This is about other content than what waits',
    409,
    'Read the request again (`exq show <approval>`), then decide on its present envelope digest.',
  ),
  'EXQ-4005': entry('This person has rejected it', 409, 'A rejection is final: ask again with a new request id.'),
  'EXQ-4006': entry(
    'People rejected this',
    403,
    'Read the reason of the rejection; change the request before asking again.',
  ),
  'EXQ-4007': entry('The approval expired', 409, 'Ask again with a new request id.'),
  ...voteErrors,
  'EXQ-4020': entry(
    'This person may not stop or resume that',
    403,
    'Ask somebody of the group that the configuration names under `stops`, or an operator, who adds `--direct`.',
  ),
  'EXQ-4021': entry(
    'There is nothing of that name to stop',
    404,
    'Check name and tenant; tools are in `exq tools`. The scopes: `tenant`, `agent:<name>`, `owner:person:<name>`, `tool:<name>`.',
  ),
  'EXQ-4022': entry('It is not stopped', 409, 'See what is: `exq stops`.'),
  'EXQ-4031': entry('There is nothing to look over', 409, 'See what is left: `exq review list`.'),
  'EXQ-4032': entry(
    'This person may not look this over',
    403,
    'Ask somebody of the approver groups of its tools (`exq tools <name>`) who is not part of the request.',
  ),
  'EXQ-4040': entry(
    'What is shown needs a closer look before it is approved',
    409,
    'Read the flags (`exq show <approval>`), then `exq approve <approval>` and type what it asks for, or send the names of all flags as `acknowledged`.',
  ),
  'EXQ-4041': entry(
    'That step cannot be amended',
    409,
    'Name a step that has not begun: `exq get <action>` lists them.',
  ),
  'EXQ-4042': entry('The amendment changes nothing', 422, 'Approve it as it is: `exq approve <approval>`.'),
  'EXQ-4043': entry(
    'What was observed rests on that argument',
    409,
    'Reject the request (`exq reject <approval> --reason <text>`); the agent asks again with the other arguments.',
  ),
  'EXQ-4050': entry(
    'This way is not strong enough to approve this',
    403,
    'Approve it in the inbox with a passkey, or with `exq approve <approval>`. Rejecting is possible anywhere. Up to which risk a surface approves is `approvals.slackUpTo` and `approvals.inboxUpTo` of the configuration.',
  ),
  'EXQ-4051': entry('A rejection says why', 422, 'Put into `reason` what the agent should know.'),
  ...passkeyErrors,
  'EXQ-5001': entry(
    'No executor has loaded the pinned contract',
    503,
    'Start an executor with that tool version: `exq executor`.',
    true,
  ),
  'EXQ-5002': entry(
    'The outcome is unknown',
    500,
    'Do not ask again: it is looked up by itself. What people have to settle: `exq attention list`.',
  ),
  'EXQ-5003': entry(
    'The tool returned what its contract does not allow',
    500,
    'Correct the tool or its output schema, under a new version.',
  ),
  'EXQ-5004': entry('The downstream refused', 502, 'Read the reason in the step; nothing was changed by it.'),
  'EXQ-5005': entry(
    'The real system disagrees with the answer',
    500,
    'Compare both in `exq trail <action>`; a person must settle it.',
  ),
  'EXQ-5006': entry(
    'An effect could not be undone',
    500,
    'See `exq trail <action>` for what stands; a person must settle it.',
  ),
  'EXQ-5007': entry('The action was cancelled', 409, 'Ask again with a new request id.'),
  'EXQ-5008': entry(
    'A credential of the tool cannot be resolved',
    503,
    'Give the executor what the tool names under `credentials`, restart it, and ask again with a new request id.',
  ),
  'EXQ-5010': entry(
    'The tool returned a secret',
    500,
    'Look at the downstream for what was done; then correct the tool, under a new version, so that it leaves out its credentials.',
  ),
  ...attentionErrors,
  ...notificationErrors,
  ...slackErrors,
  ...observedErrors,
  ...downstreamErrors,
  'EXQ-6001': entry('There is no such action', 404, 'List yours: `exq list`.'),
  'EXQ-6002': entry(
    'The history does not replay',
    500,
    'Run the version of Exequatur that recorded it, and report the difference.',
  ),
  'EXQ-6003': entry('The action has ended', 409, 'See how: `exq get <action>`.'),
  'EXQ-7001': entry(
    'The configuration is not valid',
    500,
    'Correct all the problems listed; the settings are in docs/CONFIG.md.',
  ),
  'EXQ-7002': entry('A tool version was published with other content', 409, 'Raise the `version` of the tool.'),
  'EXQ-7003': entry(
    'Temporal cannot be reached',
    503,
    'Check EXEQUATUR_TEMPORAL_ADDRESS and that the server runs, then try again.',
    true,
  ),
  'EXQ-7004': entry(
    'Postgres cannot be reached',
    503,
    'Check DATABASE_URL and that the server runs, then try again; what was asked for may have been recorded before the answer got lost.',
    true,
  ),
  'EXQ-7005': entry('The tool definition is not valid', 500, 'Correct what the message names in `defineTool`.'),
  'EXQ-7006': entry(
    'The Exequatur server cannot be reached',
    503,
    'Start it (`npm start` or `exq server`) or set EXEQUATUR_API.',
    true,
  ),
  'EXQ-7007': entry('The command is not right', 400, 'See `exq --help`.'),
  'EXQ-7008': entry(
    'This is too risky to approve unasked',
    403,
    'Approve it at a terminal, without `--yes` and `-o json`, where amount and target are asked for. How risky is too risky: `approvals.unaskedUpTo` of the configuration.',
  ),
  ...checkErrors,
  'EXQ-9001': entry(
    'Something went wrong on our side',
    500,
    'Try again; if it stays, look for this request in the server log.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable

/** One thing wrong with an input: where (JSON Pointer) and what. */
export interface Problem {
  readonly pointer: string
  readonly message: string
}

/** An error of the table, with what it happened to. Compared by `code`, never by class. */
export class ExequaturError extends Error {
  override readonly name = 'ExequaturError'

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(`${code} ${errorTable[code].title}: ${detail}`, options)
  }
}

export function isExequaturError(error: unknown): error is ExequaturError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in errorTable
}
