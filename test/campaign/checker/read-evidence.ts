import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Claims, Evidence, Rules } from './evidence.js'

/** What was kept of a run, and what it was to be. */
export interface Run {
  readonly evidence: Evidence
  readonly options: { readonly actions: number; readonly kills: number; readonly seed: string; readonly commit: string }
  readonly took_ms: number
}

export function readRun(folder: string): Run {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  const json = <Value>(name: string) => JSON.parse(text(name)) as Value
  const { rules, options } = json<{ rules: Rules; options: Run['options'] }>('rules.json')
  const said = journalsIn<{ kind?: string }>(join(folder, 'approvers'))
  return {
    evidence: {
      rules,
      clients: journalsIn(join(folder, 'clients')),
      votes: said.filter(({ kind }) => kind === 'voting' || kind === 'voted') as never,
      orders: journalsIn(join(folder, 'keepers')),
      forgeries: journalsIn(join(folder, 'adversarys')),
      books: lines(join(folder, 'books.jsonl')),
      // Without what the downstream was sent, some rules would hold of nothing.
      requests: wholeLines(text('requests.jsonl')),
      faults: lines(join(folder, 'faults.jsonl')),
      final: lines(join(folder, 'final.jsonl')),
      claims: json<Claims>('claims.json'),
      histories: lines(join(folder, 'histories.jsonl')),
      leaks: json<string[]>('leaks.json'),
    },
    options,
    took_ms: json<{ ms: number }>('took.json').ms,
  }
}

/** All journals of a kind, in the order of time. */
function journalsIn<Line>(folder: string): Line[] {
  return namesIn(folder)
    .flatMap((name) => lines<Line & { at: number }>(join(folder, name)))
    .toSorted((one, other) => one.at - other.at)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function lines<Line>(file: string): Line[] {
  try {
    return wholeLines(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A line without its end was cut off by whoever killed its writer. */
function wholeLines<Line>(text: string): Line[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
}
