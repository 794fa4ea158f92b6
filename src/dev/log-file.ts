import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const keptBytes = 20 * 1024 * 1024
const tailBytes = 16 * 1024

/** An open log file and the offset at which this run's lines begin. */
export type LogFile = { readonly path: string; readonly fd: number; readonly offset: number; close(): void }

/** Opens the file for appending; one that has grown large is first put aside as `<path>.1`. */
export function openLog(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > keptBytes) renameSync(path, `${path}.1`)
  const fd = openSync(path, 'a', 0o600)
  return { path, fd, offset: fstatSync(fd).size, close: () => closeSync(fd) }
}

/** The last lines written to the file since the offset, for an error message. */
function lastLines(path: string, since: number, count = 15): string[] {
  if (!existsSync(path)) return []
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const from = Math.max(since, size - tailBytes)
    const tail = Buffer.alloc(Math.max(0, size - from))
    readSync(fd, tail, 0, tail.length, from)
    return tail.toString('utf8').trimEnd().split('\n').slice(-count).filter(Boolean)
  } finally {
    closeSync(fd)
  }
}

/** "what went wrong" followed by the last log lines, indented, and where the rest is. */
export function withLog(problem: string, path: string, since = 0): Error {
  const lines = lastLines(path, since)
  const said = lines.length === 0 ? '  (it wrote nothing)' : lines.map((line) => `  ${line}`).join('\n')
  return new Error(`${problem}\n${said}\nThe whole log: ${path}`)
}
