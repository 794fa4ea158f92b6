#!/usr/bin/env node
// Prepares the clone, then runs one TypeScript file in this very process: whoever signals npm reaches it.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepare } from './prepare.mjs'

await prepare().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
const { register } = await import('tsx/esm/api')
register()
const [script] = process.argv.splice(2, 1)
if (!script) throw new Error('usage: node bin/run.mjs <file.ts> [arguments]')
await import(pathToFileURL(resolve(script)).href)
