import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const { default: rules } = (await import(new URL('.dependency-cruiser.mjs', packageRoot).href)) as {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] }
}
const read = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8')
const pages = [
  ...readdirSync(packageRoot).filter((name) => name.endsWith('.md')),
  ...readdirSync(new URL('docs', packageRoot))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((page) => [page, read(page)] as const)

describe('what the documents say of this clone', () => {
  test.each(pages)('%s names files and folders that are there', (_page, text) => {
    const named = [...text.matchAll(/`((?:[\w.@-]+\/)+[\w.@-]*)`/g)].map(([, path]) => path as string)
    const ours = named.filter((path) => existsSync(new URL(`${path.split('/')[0]}/`, packageRoot)))
    expect(ours.filter((path) => !existsSync(new URL(path, packageRoot)))).toEqual([])
  })

  test.each(pages)('%s links to what is there', (page, text) => {
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path]) => path as string)
    expect(links.filter((path) => !existsSync(new URL(path, new URL(page, packageRoot))))).toEqual([])
  })

  test.each(pages)('%s names npm scripts that are there', (_page, text) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name]) => name as string)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test('docs/ARCHITECTURE.md explains every import rule', () => {
    const explained = [...read('docs/ARCHITECTURE.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
    expect(explained).toEqual(rules.forbidden.map(({ name }) => name))
  })
})
