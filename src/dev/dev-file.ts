import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tokens } from './principals.js'

/** What a running embedded stack tells whoever wants to talk to it: `<home>/dev.json`. */
export type DevFile = {
  readonly api: string
  readonly temporal: { readonly address: string; readonly namespace: string; readonly ui: string | undefined }
  readonly database_url: string
  readonly downstreams: Readonly<Record<string, { readonly url: string; readonly ledger: string }>>
  readonly tokens: Tokens
}

/** Writes `dev.json`, readable by its owner only: it holds tokens. */
export async function writeDevFile(home: string, content: DevFile): Promise<void> {
  const file = join(home, 'dev.json')
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** The `dev.json` of a home; null if there is none. */
export async function readDevFile(home: string): Promise<DevFile | null> {
  const text = await readFile(join(home, 'dev.json'), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as DevFile)
}
