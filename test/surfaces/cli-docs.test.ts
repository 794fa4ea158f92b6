import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { pages } from '../../src/docs/pages.js'
import { errorTable } from '../../src/domain/errors.js'
import { packageRoot } from '../../src/package-root.js'

describe('the pages made from the code', () => {
  test.each(Object.entries(pages))('docs/%s is what the code says', async (name, describe) => {
    expect(await readFile(new URL(`docs/${name}`, packageRoot), 'utf8')).toBe(describe())
  })

  test('name every error code once', () => {
    const named = pages['ERRORS.md']?.()
      .match(/^\| EXQ-\d{4}/gm)
      ?.map((cell) => cell.slice(2))
    expect(named).toEqual(Object.keys(errorTable))
  })
})
