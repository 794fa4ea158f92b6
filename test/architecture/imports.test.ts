import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const root = fileURLToPath(packageRoot)
const folders = ['src', 'workflows', 'activities', 'test/campaign/checker']
const configFile = '.dependency-cruiser.mjs'
const { default: config } = (await import(new URL(configFile, packageRoot).href)) as {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] }
}

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

function violationsIn(folder: string, ...options: readonly string[]): readonly Violation[] {
  const cruiser = join(root, 'node_modules', '.bin', 'depcruise')
  const args = ['--config', configFile, '--output-type', 'json', ...options, ...folders]
  const { stdout, stderr } = spawnSync(cruiser, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (!stdout.startsWith('{')) throw new Error(stderr || stdout)
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations
}

/** A file that breaks each rule, and what it imports. */
const offences: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  'no-circles': ['src/ledger/offence.ts', './offence.js'],
  'domain-is-pure': ['src/domain/offence.ts', 'node:crypto'],
  'workflows-order-and-wait': ['workflows/offence.ts', '../src/digest.js'],
  'public-face-is-light': ['src/contract/offence.ts', '@temporalio/common'],
  'credentials-are-light': ['src/credentials/offence.ts', '../ledger/pool.js'],
  'testing-is-light': ['src/testing/offence.ts', '../ledger/pool.js'],
  'activities-get-their-dependencies': ['activities/offence.ts', 'pg'],
  'policy-knows-no-storage': ['src/policy/offence.ts', '../ledger/pool.js'],
  'ledger-knows-no-rules': ['src/ledger/offence-2.ts', '../policy/decide.js'],
  'use-cases-are-below-surfaces': ['src/control-plane/offence.ts', '../http/server.js'],
  'temporal-behind-its-folder': ['src/identity/offence.ts', '@temporalio/client'],
  'http-only-translates': ['src/http/offence.ts', '../ledger/pool.js'],
  'inbox-is-a-page': ['src/inbox/parts/offence.tsx', '../../digest.js'],
  'nobody-imports-the-page': ['src/http/offence-2.ts', '../inbox/address.js'],
  'channels-only-carry': ['src/notify/offence.ts', '../ledger/pool.js'],
  'slack-only-translates': ['src/slack/offence.ts', '../ledger/pool.js'],
  'slack-behind-its-folder': ['src/notify/offence-2.ts', '@slack/bolt'],
  'cedar-behind-its-flag': ['activities/offence-2.ts', '@cedar-policy/cedar-wasm/nodejs'],
  'nothing-imports-processes': ['src/temporal/offence.ts', '../executor.js'],
  'nothing-rests-on-checks': ['src/ledger/offence-3.ts', '../testing/index.js'],
  'the-judge-is-nobody-of-ours': ['test/campaign/checker/offence.ts', '../../../src/digest.js'],
  'product-knows-no-example': ['src/config/offence.ts', '../../examples/refund-desk/desk.js'],
}

describe('who may import whom', () => {
  let copy: string

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'exequatur-imports-'))
    for (const part of [...folders, 'examples/refund-desk', configFile, 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const [file, imports] of Object.values(offences))
      writeFileSync(join(copy, file), `import * as offence from '${imports}'\nexport { offence }\n`)
  })

  afterAll(() => rmSync(copy, { recursive: true }))

  test('is kept to', () => {
    expect(violationsIn(root)).toEqual([])
  })

  test('is told where it is not kept to, rule by rule', () => {
    expect(Object.keys(offences)).toEqual(config.forbidden.map(({ name }) => name))
    const told = violationsIn(copy, '--preserve-symlinks')
    for (const [name, [file]] of Object.entries(offences)) {
      const broken = told.filter(({ rule }) => rule.name === name).map(({ from }) => from)
      expect(broken, `${name} in ${file}`).toContain(file)
    }
  })
})
