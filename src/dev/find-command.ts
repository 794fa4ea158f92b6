import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of the first executable file of that name on PATH, then in the further folders; undefined if none has it. */
export function findCommand(name: string, furtherFolders: readonly string[] = []): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...furtherFolders]
  const file = process.platform === 'win32' ? `${name}.exe` : name
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, file))
    .find(isExecutableFile)
}

/** Whether the path is a file this process may execute. */
export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
