import { createChanges } from './changes.js'
import { createEndings } from './endings.js'
import { listen } from './listener.js'

/** What a server hears of the ledger, on one connection: which actions end, and what changes. */
export async function openLedgerNews(url: string) {
  const endings = createEndings()
  const changes = createChanges()
  const listener = await listen(url, { exequatur_endings: endings, exequatur_changes: changes })
  return { expect: endings.expect, subscribe: changes.subscribe, close: listener.close }
}

export type LedgerNews = Awaited<ReturnType<typeof openLedgerNews>>
