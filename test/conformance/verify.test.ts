import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import type { VerifyReport } from '../../src/verify/guarantee.js'
import { exq } from '../surfaces/cli-run.js'

const fileAt = (path: string) => fileURLToPath(new URL(path, packageRoot))
const env = { EXEQUATUR_HOME: resolve(process.env.EXEQUATUR_HOME || '.exequatur') }
const verified = async (config: string, ...only: readonly string[]) => {
  const options = only.flatMap((guarantee) => ['--only', guarantee])
  const { code, stdout, stderr } = await exq(['verify', '--config', fileAt(config), ...options, '-o', 'json'], { env })
  return { code, report: JSON.parse(stdout || 'null') as VerifyReport | null, error: JSON.parse(stderr || 'null') }
}

describe('exq verify', () => {
  test('says what does not hold of a tool that breaks its promise, and what does not apply where nobody is asked', async () => {
    const { code, report, error } = await verified('test/conformance/till.config.ts', 'G2', 'G3', 'G7')
    const of = (guarantee: string) => report?.lines.filter((line) => line.guarantee === guarantee) ?? []
    expect(of('G2').length, JSON.stringify(error)).toBeGreaterThan(3)
    for (const line of of('G2'))
      expect(line).toMatchObject({
        result: 'not applicable',
        seen: 'no tool with a check names approvers, so nobody is asked',
      })
    // Killed in the call, it is called again with its one key; but it sends another.
    expect(of('G3')).toMatchObject([{ result: 'does not hold', seen: 'it had 2 effects' }])
    expect(of('G7')).toMatchObject([{ result: 'holds', seen: null }])
    expect(report?.not_checked).toEqual(['look_at'])
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'EXQ-7014' })
  }, 180_000)

  test('does nothing without checks', async () => {
    expect(await verified('test/conformance/bare.config.ts')).toMatchObject({ code: 1, error: { code: 'EXQ-7010' } })
  })
})
