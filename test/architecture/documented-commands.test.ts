import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const read = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8')
const written = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('docs', packageRoot))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const sections = new Map(
  read('docs/CLI.md')
    .split('\n### ')
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
)
const everywhere = ['--as', '--api', '--token']

/** What a page tells to type and the reference does not know. */
function unknownIn(text: string): string[] {
  const named = [...text.matchAll(/(?<=`|npx |\$ )exq [a-z](?:\\\n|[^`#|\n])*/g)]
  return named.flatMap(([command]) => {
    const [, first = '', second = ''] = command.trim().split(/\s+/)
    const section = sections.get(`exq ${first} ${second}`) ?? sections.get(`exq ${first}`)
    if (section === undefined) {
      const family = second === '' && [...sections.keys()].some((name) => name.startsWith(`exq ${first} `))
      return family ? [] : [command]
    }
    const options = command.match(/(?<=\s)--[a-z-]+/g) ?? []
    return options.filter((option) => !section.includes(option) && !everywhere.includes(option))
  })
}

test.each(written)('%s names commands and options that are there', (page) => {
  expect(unknownIn(read(page))).toEqual([])
})

test('a command or an option that is not there is found', () => {
  expect(unknownIn('`exq stop agent x --reason y` and `exq policy`')).toEqual([])
  expect(unknownIn('`exq halt agent`, `exq policy guess`')).toEqual(['exq halt agent', 'exq policy guess'])
  expect(unknownIn('npx exq stop agent x \\\n  --cause y')).toEqual(['--cause'])
})
