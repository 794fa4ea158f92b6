import pg from 'pg'
import { hold } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'

const kept = [
  'votes',
  'envelopes',
  'decisions',
  'intents',
  'attempts',
  'outcomes',
  'verifications',
  'contracts',
  'stops',
]

export const evidence: readonly Guarantee[] = [
  {
    of: 'G8',
    name: 'what is recorded is neither changed nor removed, by the server’s login, the executor’s, or the owner’s',
    carryOut: async ({ stack, tenant }) => {
      for (const role of ['exq_server', 'exq_executor', null]) {
        const client = new pg.Client({ connectionString: stack.databaseUrl })
        await client.connect()
        try {
          if (role) await client.query(`set role ${role}`)
          await client.query(`select set_config('exequatur.tenant', $1, false)`, [tenant])
          for (const table of kept) {
            for (const statement of [`update ${table} set tenant = tenant`, `delete from ${table}`]) {
              const changed = await client.query(statement).then(
                ({ rowCount }) => rowCount,
                () => null,
              )
              hold(changed === null, `${role ?? 'the owner'}: "${statement}" went through`)
            }
          }
        } finally {
          await client.end()
        }
      }
    },
  },
  {
    of: 'G8',
    name: 'the server’s login cannot write attempts or outcomes, and the executor’s no votes',
    carryOut: async ({ stack, tenant }) => {
      const forbidden = {
        exq_server: ['intents', 'attempts', 'outcomes'],
        exq_executor: ['votes', 'policy_sets', 'principals'],
      }
      for (const [role, tables] of Object.entries(forbidden)) {
        const client = new pg.Client({ connectionString: stack.databaseUrl })
        await client.connect()
        try {
          await client.query(`set role ${role}`)
          await client.query(`select set_config('exequatur.tenant', $1, false)`, [tenant])
          for (const table of tables) {
            const error = await client.query(`insert into ${table} (tenant) values ($1)`, [tenant]).then(
              () => null,
              (thrown: { code?: string }) => thrown,
            )
            hold(error?.code === '42501', `${role} may write ${table}`)
          }
        } finally {
          await client.end()
        }
      }
    },
  },
]
