import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about what people decide where a machine may not settle. */
export const attentionErrors = {
  'EXQ-5030': entry(
    'There is nothing of that id that needs attention',
    404,
    'See what needs attention: `exq attention list --all`.',
  ),
  'EXQ-5031': entry(
    'You may not decide on this',
    403,
    'Ask a member of the groups it names, who has no part in the request; they find it with `exq attention list`.',
  ),
  'EXQ-5032': entry(
    'It has been decided otherwise, or settled, in the meantime',
    409,
    'See what stands: `exq attention show <id>`.',
  ),
  'EXQ-5033': entry(
    'More is known now than you were shown',
    409,
    'Look again, then decide: `exq attention show <id>`.',
  ),
  'EXQ-5034': entry(
    'This cannot be chosen here',
    422,
    'See the choices, and what each of them does: `exq attention show <id>`.',
  ),
  'EXQ-5035': entry(
    'The decision lacks something',
    422,
    'Say why, and what shows it: `exq attention resolve <id> --happened --reason <text> --evidence <text>`.',
  ),
  'EXQ-5036': entry(
    'This has to be signed by a key of your own',
    403,
    'Decide in the inbox with a passkey, or register a key on this machine (`exq key create`) and decide again here. Up to which risk the inbox settles without one is `approvals.inboxUpTo` of the configuration.',
  ),
  'EXQ-5037': entry(
    'What was signed is not this decision',
    422,
    'Compare the fields named in `errors`, set the clock of this machine right, and decide anew: `exq attention show <id>`.',
  ),
  'EXQ-5038': entry(
    'The call may still be applied',
    409,
    'Look into the real system again after that time, then decide.',
  ),
} as const satisfies Record<string, ErrorEntry>
