import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Scenario } from '../scenario.js'
import { until } from '../until.js'

/** The owner of the database changes what people agreed to, digest and all, before it is executed. */
export const changedAfterApproval: Scenario = {
  name: 'what was approved is changed in the database',
  play: async ({ stack, ask, vote, approval, cancel, executor }) => {
    const action = await ask('keyed', ['changed'], 1_100)
    const before = await approval(action)
    await vote('ann', action)
    await change(stack.databaseUrl, action)
    await executor('executor-1')
    const came = await until('it is done, or asked about again', async () => {
      if ((await stack.downstream.booked()).some(({ subject }) => subject === 'changed')) return 'done'
      return (await approval(action)).id === before.id ? null : 'asked about'
    })
    if (came === 'asked about') await cancel(action)
  },
}

/** Owners of a database can switch its guards off. */
async function change(databaseUrl: string, action: string): Promise<void> {
  const owner = new pg.Client(databaseUrl)
  await owner.connect()
  try {
    const { rows } = await owner.query<{ request: string }>('select request from actions where id = $1', [action])
    const request = String(rows[0]?.request).replace('"amount_cents":1100', '"amount_cents":1900')
    const digest = `sha256:${createHash('sha256').update(request).digest('hex')}`
    await owner.query('alter table actions disable trigger all')
    await owner.query('update actions set request = $2, request_digest = $3 where id = $1', [action, request, digest])
    await owner.query('alter table actions enable trigger all')
  } finally {
    await owner.end()
  }
}
