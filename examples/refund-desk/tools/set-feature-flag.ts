import { defineTool } from 'exequatur'
import { postgresRole } from 'exequatur/credentials'
import { z } from 'zod'
import { effectOfChange, setFlag, undoChange } from '../downstream/flags.js'
import { flagsRole } from '../downstream/flags-role.js'

export const setFeatureFlag = defineTool({
  name: 'set_feature_flag',
  version: 3,
  owner: 'person:omar',
  approvers: ['security'],
  risk: 'high',
  effect: 'reversible',
  title: 'Set a feature flag',
  description: 'Turns one existing feature flag on or off for everybody.',
  summary: 'Set the feature flag {/args/flag} to {/args/enabled} for everybody',
  shows: [{ label: 'Enabled', after: '/args/enabled' }],
  input: z.strictObject({ flag: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), enabled: z.boolean() }),
  output: z.strictObject({
    change_id: z.int(),
    flag: z.string(),
    enabled: z.boolean(),
    previous_enabled: z.boolean(),
  }),
  resource: { type: 'FeatureFlag', id: '/args/flag' },
  // Keys are kept with the changes and never thrown away.
  downstream: { name: 'flags', class: 'idempotent-by-key', keyLifetime: '365d', callTimeout: '10s' },
  // A role of its own for each call, which is gone after it.
  credentials: { flags: postgresRole({ admin: 'env:FLAGS_ADMIN_URL', memberOf: flagsRole, ttl: '60s' }) },

  execute: ({ flag, enabled }, call) => setFlag(call, flag, enabled),
  verify: (_args, output, call) => effectOfChange(call, output?.change_id ?? null),
  compensate: (_args, output, call) => undoChange(call, output),
})
