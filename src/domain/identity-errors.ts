import { type ErrorEntry, entry } from './error-entry.js'

/** Who asks, and whether they are who they say: group 2 of the error table. */
export const identityErrors = {
  'EXQ-2001': entry(
    'The credential is missing, unknown or revoked',
    401,
    'Send `authorization: Bearer <token>`; a new one: `exq agent create <name> --tenant <tenant> --owner person:<name>` or `exq person create <name> --tenant <tenant>`.',
  ),
  'EXQ-2002': entry(
    'This principal may not do that',
    403,
    'Agents ask, people decide: use a credential of the other kind.',
  ),
  'EXQ-2003': entry(
    'There is already a principal of that name',
    409,
    'Choose another name, or revoke it first: `exq agent revoke <name> --tenant <tenant>` or `exq person revoke <name> --tenant <tenant>`.',
  ),
  'EXQ-2004': entry(
    'There is no principal of that name',
    404,
    'Check the name and the tenant; a new one: `exq agent create <name> --tenant <tenant> --owner person:<name>` or `exq person create <name> --tenant <tenant>`.',
  ),
  'EXQ-2010': entry(
    'The access token cannot be accepted',
    401,
    'Get a new one from the issuer; the detail says what is wrong with this one. A token of ours: `exq agent rotate <name> --tenant <tenant>`.',
  ),
  'EXQ-2011': entry(
    'The access token is for another audience',
    401,
    'Ask the issuer for a token whose `aud` is the `audience` that the configuration names for it.',
  ),
  'EXQ-2012': entry('The access token has expired', 401, 'Get a new one from the issuer; people: `exq login`.'),
  'EXQ-2013': entry(
    'The access token lacks a scope',
    403,
    'Ask the issuer for a token with the scope that the detail names.',
  ),
  'EXQ-2014': entry(
    'The identity is linked to no principal',
    403,
    'Whoever runs Exequatur links it: `exq account link <principal> --tenant <tenant> --issuer <url> --subject <id>`.',
  ),
  'EXQ-2015': entry(
    'The principal is suspended or cut off',
    403,
    'Look at its life: `exq agent show <name> --tenant <tenant>`. A suspended one comes back with `exq agent resume <name> --tenant <tenant>`. Likewise a person: `exq person show <name> --tenant <tenant>`.',
  ),
  'EXQ-2016': entry(
    'The chain of actors in the token cannot be accepted',
    403,
    'Agents act, on behalf of people: `sub` has to be a person and `act` an agent, both linked: `exq account link <principal> --tenant <tenant> --issuer <url> --subject <id>`.',
  ),
  'EXQ-2017': entry(
    'The keys of the issuer cannot be had',
    503,
    'Wait as long as `retry-after` says, then send the same request again. If it stays: check `issuers` of the configuration and that the issuer runs.',
    true,
  ),
  'EXQ-2018': entry(
    'That cannot happen to a principal in its state',
    409,
    'Look at its life: `exq agent show <name> --tenant <tenant>`, of a person: `exq person show <name> --tenant <tenant>`; a decommissioned name is never used again.',
  ),
  'EXQ-2019': entry(
    'The identity is already linked to a principal',
    409,
    'Unlink it first: `exq account unlink <principal> --tenant <tenant> --issuer <url> --subject <id>`.',
  ),
  'EXQ-2020': entry(
    'The sign-in did not succeed',
    401,
    'Try again: `exq login --issuer <url> --client-id <id> --audience <name>`, all three as the issuer knows them.',
  ),
} as const satisfies Record<string, ErrorEntry>
