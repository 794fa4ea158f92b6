import { readFile } from 'node:fs/promises'

/** A line of a stand-in's own ledger: one change of the world. */
export interface LedgerEffect {
  readonly kind: string
  readonly effect: string
  readonly id: string
  readonly invoice?: string
  readonly amount?: number
  readonly key?: string
}

/** What the downstream itself counted, read from its file: not asked through us. */
export async function effectsIn(ledger: string): Promise<LedgerEffect[]> {
  const lines = (await readFile(ledger, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as LedgerEffect).filter(({ kind }) => kind === 'effect')
}
