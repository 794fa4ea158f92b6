import { existsSync } from 'node:fs'

/** The folder that holds package.json, whether this runs from the sources or from `dist`. Ends with a slash. */
export const packageRoot: URL = findRoot(new URL('./', import.meta.url))

function findRoot(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : findRoot(new URL('../', folder))
}
