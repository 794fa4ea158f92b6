import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A data folder that is gone after the test. Others may enter it, as Postgres under another user must, unless `private`. */
export function temporaryHome(access: 'shared' | 'private' = 'shared'): string {
  const home = mkdtempSync(join(tmpdir(), 'exequatur-test-'))
  chmodSync(home, access === 'shared' ? 0o755 : 0o700)
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }))
  return home
}

/** A `say` that remembers. */
export function remember(): { say: (line: string) => void; lines: string[] } {
  const lines: string[] = []
  return { say: (line) => lines.push(line), lines }
}
