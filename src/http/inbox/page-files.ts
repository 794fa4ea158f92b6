import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

/** A file of the inbox, as it is served. */
export interface PageFile {
  readonly bytes: Buffer
  readonly type: string
  readonly cache: 'immutable' | 'no-store'
}

/** The built inbox, by path below `/inbox/`; null where it was not built. */
export type PageFiles = ReadonlyMap<string, PageFile> | null

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads the inbox once, whole: nothing of the disk is looked up by a path that somebody sends. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map(namesIn(folder).map((name) => [name, pageFile(folder, name)]))
  return files.has('index.html') ? files : null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  } catch {
    return []
  }
}

function pageFile(folder: string, name: string): PageFile {
  return {
    bytes: readFileSync(join(folder, name)),
    type: types[extname(name)] ?? 'application/octet-stream',
    // The build puts a hash of the content into the names of what it puts there.
    cache: name.startsWith('assets/') ? 'immutable' : 'no-store',
  }
}
