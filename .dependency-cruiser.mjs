import swc from '@swc/core'

// The cruiser does not tell its parser which files have JSX in them.
const { parseFileSync } = swc
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') })

/** Who may import whom. `docs/ARCHITECTURE.md` says why; the check reads the real import graph. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to },
})
const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
})

const entryPoints = '^src/(server|open-server|executor|context)[.]ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('domain-is-pure', '^src/domain/', '^src/domain/', 'Rules import nothing: no packages, no node:, no clock.'),
    only(
      'workflows-order-and-wait',
      '^workflows/',
      '^(workflows/|src/domain/|src/temporal/search-attributes[.]ts$|node_modules/@temporalio/(workflow|common)/)',
      'Workflows run in the sandbox: the domain and Temporal, nothing else.',
    ),
    only(
      'public-face-is-light',
      '^src/(index[.]ts|contract/)',
      '^(src/(contract|domain)/|src/digest[.]ts|node_modules/(zod|ajv)/)',
      'A tool file must not pull in Temporal, Postgres or a surface.',
    ),
    only(
      'credentials-are-light',
      '^src/credentials/',
      '^(src/(credentials|contract|domain)/|node_modules/(@types/)?pg/|(fs/promises|crypto|util)$)',
      'A tool file names its sources: they load their drivers when they lease.',
    ),
    only(
      'testing-is-light',
      '^src/testing/',
      '^(src/(testing|contract|credentials|domain)/|activities/(finding|verifier)[.]ts$|(crypto|events|net|timers/promises)$)',
      'A tool is checked in any test runner, without Temporal or Postgres.',
    ),
    never(
      'activities-get-their-dependencies',
      '^activities/',
      '^(src/(control-plane|http|cli|dev|config|temporal)/|node_modules/(pg|fastify|@temporalio/(client|worker))/)',
      'Connections are injected; use cases and surfaces are above.',
    ),
    never(
      'policy-knows-no-storage',
      '^src/policy/',
      '^(src/(ledger|control-plane|identity|evidence|http|cli|temporal)/|node_modules/(pg|@temporalio)/)',
    ),
    never(
      'ledger-knows-no-rules',
      '^src/ledger/',
      '^(src/(control-plane|policy|identity|evidence|http|cli|temporal)/|activities/|workflows/)',
    ),
    never(
      'use-cases-are-below-surfaces',
      '^src/(control-plane|evidence|identity)/',
      '^(src/(http|cli|dev)/|activities/|workflows/|node_modules/(pg|fastify|commander)/)',
    ),
    never(
      'temporal-behind-its-folder',
      '^src/(control-plane|evidence|identity|http|policy|ledger)/',
      '^node_modules/@temporalio/',
    ),
    never(
      'http-only-translates',
      '^src/http/',
      '^(src/(ledger|policy|cli|dev|contract)/|activities/|workflows/)',
      'A surface calls use cases.',
    ),
    only(
      'inbox-is-a-page',
      '^src/inbox/',
      '^(src/(inbox|domain)/|node_modules/(preact|canonicalize|@simplewebauthn/browser)/)',
      'It runs in a browser, and knows of the server what the API says.',
    ),
    never('nobody-imports-the-page', '^(src/(?!inbox/)|workflows|activities)', '^src/inbox/'),
    never(
      'channels-only-carry',
      '^src/notify/',
      '^(src/(ledger|policy|http|cli|dev|config)/|activities/|workflows/|node_modules/(pg|fastify)/)',
      'A channel takes what a use case gives it to people, and nothing else.',
    ),
    never(
      'slack-only-translates',
      '^src/slack/',
      '^(src/(ledger|policy|evidence|identity|http|cli|dev|contract|config|temporal)/|activities/|workflows/|node_modules/(pg|fastify|@temporalio)/)',
      'A surface calls use cases.',
    ),
    never('slack-behind-its-folder', '^(src|activities|workflows)/(?!slack/)', '^node_modules/@slack/'),
    never('cedar-behind-its-flag', '^(src|activities)/(?!policy/cedar[.]ts$)', '^node_modules/@cedar-policy/'),
    never(
      'nothing-imports-processes',
      '^(?!src/(server|open-server|executor)[.]ts$|src/cli/commands/(server|executor)[.]ts$)',
      entryPoints,
    ),
    never(
      'nothing-rests-on-checks',
      '^(activities|workflows|src/(?!cli/|verify/|testing/))',
      '^src/(verify|testing)/',
      'What tries the product is no part of it.',
    ),
    only(
      'the-judge-is-nobody-of-ours',
      '^test/campaign/checker/',
      '^(test/campaign/checker/|node_modules/(@types/)?pg/|(crypto|fs|fs/promises|path)$)',
      'What judges a campaign believes nothing that it shares with what it judges.',
    ),
    never('product-knows-no-example', '^(src|workflows|activities)/', '^(examples|test|bench)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    moduleSystems: ['es6'],
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
