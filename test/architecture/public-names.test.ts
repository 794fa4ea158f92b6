import { readFileSync } from 'node:fs'
import { type ModuleItem, parseSync } from '@swc/core'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const read = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8')
const faces = {
  exequatur: 'src/index.ts',
  'exequatur/credentials': 'src/credentials/index.ts',
  'exequatur/dev': 'src/dev/index.ts',
  'exequatur/testing': 'src/testing/index.ts',
}

/** What a face passes on, by name. */
function namesIn(file: string): { values: string[]; types: string[] } {
  const names = parseSync(read(file), { syntax: 'typescript' }).body.flatMap(namesOf)
  const of = (kind: boolean) =>
    names
      .filter(({ isType }) => isType === kind)
      .map(({ name }) => name)
      .sort()
  return { values: of(false), types: of(true) }
}

function namesOf(item: ModuleItem): { name: string; isType: boolean }[] {
  if (item.type !== 'ExportNamedDeclaration') throw new Error(`a face only passes on names, not: ${item.type}`)
  // The types of swc leave out what its parser says of `export type { ... }`.
  const allTypes = 'typeOnly' in item && item.typeOnly === true
  return item.specifiers.map((specifier) => {
    if (specifier.type !== 'ExportSpecifier') throw new Error(`a face only passes on names, not: ${specifier.type}`)
    const { orig, exported, isTypeOnly } = specifier
    return { name: (exported ?? orig).value, isType: allTypes || isTypeOnly }
  })
}

test('what adopters can import is exactly what test/architecture/public-names.json lists', () => {
  const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }
  expect(Object.keys(faces)).toEqual(Object.keys(exports).map((path) => path.replace(/^\./, 'exequatur')))
  const names = Object.fromEntries(Object.entries(faces).map(([face, file]) => [face, namesIn(file)]))
  expect(names).toEqual(JSON.parse(read('test/architecture/public-names.json')))
})
