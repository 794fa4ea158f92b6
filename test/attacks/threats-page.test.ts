import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { deskAttacks, roomAttacks } from './suite.js'

const read = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8')
const page = read('docs/THREATS.md')
const rows = new Map(
  [...page.matchAll(/^\| ([A-G]\d+) \|(.*)\|$/gm)].map(([, row, text]) => [row as string, text as string]),
)
const attacks = [...roomAttacks, ...deskAttacks]
const cells = (text: string) => text.split('|').map((cell) => cell.trim())

describe('docs/THREATS.md', () => {
  test('has every row once, in order', () => {
    const wanted = Object.entries({ A: 25, B: 16, C: 13, D: 21, E: 17, F: 30, G: 11 }).flatMap(([group, last]) =>
      Array.from({ length: last }, (_, index) => `${group}${index + 1}`),
    )
    expect([...page.matchAll(/^\| ([A-G]\d+) \|/gm)].map(([, row]) => row)).toEqual(wanted)
  })

  test('says of each row whether it is covered, and proves it where it is', () => {
    for (const [row, text] of rows) {
      const [, state, guard, proof] = cells(text)
      expect(['covered', 'partly', 'open'], row).toContain(state)
      expect(guard, row).toBeTruthy()
      if (state === 'covered') expect(proof, row).toBeTruthy()
    }
  })

  test('names tests that are there', () => {
    const named = [...page.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)]
    expect(named.length).toBeGreaterThan(30)
    const missing = named.filter(([, file, name]) => {
      const path = file as string
      return !existsSync(new URL(path, packageRoot)) || !read(path).includes(name as string)
    })
    expect(missing.map(([text]) => text)).toEqual([])
  })

  test('names the attacks that there are, each in its rows, and no others', () => {
    const named = [...rows].flatMap(([row, text]) =>
      [...text.matchAll(/attack "([^"]+)"/g)].map(([, name]) => `${row} ${name}`),
    )
    const there = attacks.flatMap(({ rows, name }) => rows.map((row) => `${row} ${name}`))
    expect(named.sort()).toEqual(there.sort())
  })

  test('tells every attack from every other by its name', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  })
})
