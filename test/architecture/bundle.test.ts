import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundlePath } from '../../src/temporal/data-converter.js'

const packagesInside = /^(@temporalio\/(common|workflow)|long|ms|nexus-rpc)$/
const oursInside =
  /^dist\/(workflows\/|src\/domain\/|src\/temporal\/(payload-converter|failure-converter|one-of-a-kind|search-attributes)\.js$)/

describe('the workflow bundle', () => {
  let code: string
  let modules: readonly string[]

  beforeAll(() => {
    code = readFileSync(bundlePath, 'utf8')
    // As webpack writes them: /***/ "./dist/workflows/index.js".
    modules = [...code.matchAll(/^\/\*{3}\/ "\.\/([^"]+)"$/gm)].map(([, path]) => path as string)
  })

  test('holds Temporal and no other package: no zod, no Cedar, no Postgres', () => {
    const packages = modules
      .filter((path) => path.startsWith('node_modules/'))
      .map((path) => path.replace(/^.*node_modules\//, ''))
      .map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect(packages).toContain('@temporalio/workflow')
    expect(packages.filter((name) => !packagesInside.test(name))).toEqual([])
  })

  test('holds workflows, the domain and the converters, and nothing else of ours', () => {
    const ours = modules.filter((path) => !path.startsWith('node_modules/'))
    expect(ours).toContain('dist/workflows/action-request.js')
    expect(ours.filter((path) => !oursInside.test(path))).toEqual([])
  })

  test('requires no module of Node', () => {
    const required = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name as string)
    expect(required.filter((name) => isBuiltin(name))).toEqual([])
    expect(code).not.toMatch(/["']node:[a-z]/)
  })

  test('holds the payload converter that never throws', () => {
    expect(modules).toContain('dist/src/temporal/payload-converter.js')
    expect(code).toContain('undecodable: true')
  })
})
