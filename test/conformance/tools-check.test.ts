import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import type { ToolsReport } from '../../src/verify/check-tools.js'
import { exq } from '../surfaces/cli-run.js'

const fileAt = (path: string) => fileURLToPath(new URL(path, packageRoot))
const till = fileAt('test/conformance/till.config.ts')
const env = { EXEQUATUR_HOME: resolve(process.env.EXEQUATUR_HOME || '.exequatur') }
const checked = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await exq(['tools', 'check', ...args, '-o', 'json'], { env })
  return { code, report: JSON.parse(stdout || 'null') as ToolsReport | null, error: JSON.parse(stderr || 'null') }
}

// That the tools of the refund desk hold is what docs/TOOLS.md shows.
describe('exq tools check', () => {
  test('fails for a tool that does not keep it, and says which trial saw what', async () => {
    const { code, report, error } = await checked('pay_in', '--config', till)
    expect(report?.tools[0]?.failed).toContainEqual({
      trial: 'two calls with one key have one effect',
      result: 'does not hold',
      seen: 'two calls with one key had 2 effects',
    })
    expect({ code, error: error.code, detail: error.detail }).toEqual({ code: 1, error: 'EXQ-7012', detail: 'pay_in' })
  })

  test('fails where a tool has no check, and where there are none at all', async () => {
    const unchecked = await checked('look_at', '--config', till)
    expect(unchecked.error).toMatchObject({ code: 'EXQ-7013', detail: 'look_at' })
    expect(unchecked).toMatchObject({ code: 1, report: { tools: [], not_checked: ['look_at'] } })
    const none = await checked('--config', fileAt('test/conformance/bare.config.ts'))
    expect(none).toMatchObject({ code: 1, error: { code: 'EXQ-7010' } })
    expect((await checked('no_such_tool', '--config', till)).error).toMatchObject({ code: 'EXQ-7011' })
  })
})
