import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const entry = new URL('../../src/cli/main.ts', import.meta.url)

test('exq loads only what is light before it knows what to do', async () => {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const open = [entry.href]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const name of staticImports(await readFile(new URL(file), 'utf8'))) {
      if (name.startsWith('.')) open.push(new URL(name.replace(/\.js$/, '.ts'), file).href)
      else if (!name.startsWith('node:')) packages.add(name)
    }
  }
  expect(seen.size).toBeGreaterThan(30)
  expect([...packages].sort()).toEqual(['canonicalize', 'commander', 'picocolors'])
})

/** What a module loads at once: not its types, and not what it imports when it needs it. */
function staticImports(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export) (?!type )([^'"]*? from )?'([^']+)'/gm)
  return [...statements].filter(([, what = '']) => !onlyTypes(what)).map(([, , name = '']) => name)
}

function onlyTypes(what: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(what)?.[1]
    ?.split(',')
    .map((name) => name.trim())
  return names?.filter(Boolean).every((name) => name.startsWith('type ')) ?? false
}
