import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Stage, stages } from '../../src/domain/lifecycle.js'
import { packageRoot } from '../../src/package-root.js'
import { sourceFiles } from './source-files.js'

const isStage = (word: string): word is Stage => (stages as readonly string[]).includes(word)

describe('the eight stages', () => {
  test('are the file names of the rules, of the work and of the proof', () => {
    for (const stage of stages) {
      for (const file of [`src/domain/${stage}.ts`, `activities/${stage}.ts`, `test/stages/${stage}.test.ts`])
        expect(existsSync(new URL(file, packageRoot)), file).toBe(true)
    }
    const proven = readdirSync(new URL('test/stages', packageRoot)).map((file) => basename(file, '.test.ts'))
    expect(proven.sort()).toEqual([...stages].sort())
  })

  test('are the paragraphs of the workflow, top to bottom', () => {
    const workflow = readFileSync(new URL('workflows/action-request.ts', packageRoot), 'utf8')
    const paragraphs = [...workflow.matchAll(/^ +\/\/ ([a-z ]+)$/gm)]
      .map(([, words]) => (words as string).split(' and '))
      .filter((words) => words.every(isStage))
    expect(paragraphs).toContainEqual(['execution', 'verification'])
    expect(paragraphs.flat()).toEqual(stages)
  })
})

describe('the files', () => {
  const files = sourceFiles('src', 'workflows', 'activities')

  test('are short', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 250).map(({ path }) => path)
    expect(long).toEqual([])
  })

  test('are named in kebab case, and after what they hold', () => {
    for (const { path } of files) expect(path).toMatch(/^[a-z-]+(\/[a-z0-9-]+)+\.tsx?$/)
    expect(files.filter(({ path }) => /\b(utils?|helpers?|common|misc)\b/.test(path))).toEqual([])
  })
})

test('the published package holds what the code reads from it', () => {
  const { files } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { files: string[] }
  const read = sourceFiles('src', 'activities')
    .filter(({ path }) => !path.startsWith('src/docs/'))
    .flatMap(({ text }) => [...text.matchAll(/new URL\(['`]([^'`$]+)[^)]*, packageRoot\)/g)])
    .map(([, path]) => path as string)
  expect(read).toContain('src/ledger/migrations')
  // npm always adds package.json.
  const missing = read.filter((path) => path !== 'package.json' && !files.some((file) => path.startsWith(file)))
  expect(missing).toEqual([])
})
