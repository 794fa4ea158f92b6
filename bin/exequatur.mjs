#!/usr/bin/env node
import './node-version.mjs'
import { existsSync } from 'node:fs'

const main = new URL('../dist/src/cli/main.js', import.meta.url)

if (!existsSync(main)) {
  console.error('Exequatur is not built yet in this clone; doing that first.')
  const { prepare } = await import('./prepare.mjs')
  await prepare().catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
}
await import(main.href)
