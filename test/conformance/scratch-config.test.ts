import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoadedConfig } from '../../src/config/load-config.js'
import { writeScratchConfig } from '../../src/verify/scratch-config.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exequatur-scratch-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a scratch stack has the adopter’s configuration, and tells nobody outside', async () => {
  const adopted = { deployment: 'desk', tenants: ['acme'], groups: ['finance'], policies: './policies' }
  const told = { slack: { team: 'T1' }, notifications: { default: ['slack'] } }
  const file = join(folder, 'adopted.config.mjs')
  await writeFile(file, `export default ${JSON.stringify({ ...adopted, ...told, tools: [] })}`)
  const scratch = writeScratchConfig({ ...adopted, file } as unknown as LoadedConfig, folder, 'with')
  const { default: config } = (await import(pathToFileURL(scratch).href)) as { default: Record<string, unknown> }
  expect(config).toMatchObject({ deployment: 'desk', groups: ['finance'], tenants: ['acme', 'verify-foreign'] })
  expect(Object.keys(config)).not.toContain('slack')
  expect(Object.keys(config)).not.toContain('notifications')
})
