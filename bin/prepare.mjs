#!/usr/bin/env node
// Makes a clone ready to run: installs the packages and builds the sources, each only where it is not up to date.
// Plain Node, as on a fresh clone nothing else is there.
import './node-version.mjs'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from './prepare-build.mjs'
import { install } from './prepare-install.mjs'

/** Installs and builds what is out of date. Speaks on standard error only; rejects with a text for people. */
export async function prepare(root = fileURLToPath(new URL('../', import.meta.url))) {
  await install(root)
  await build(root)
}

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
if (isMain) {
  prepare().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
