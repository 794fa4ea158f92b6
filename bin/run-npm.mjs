import { spawn } from 'node:child_process'
import { basename } from 'node:path'

const progressEvery = 10_000

/** Runs npm in the folder with its output on standard error, telling every few seconds that it still works. */
export function runNpm(root, args, { doing, failed }) {
  const started = Date.now()
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`
  console.error(`${doing} ...`)
  const timer = setInterval(() => console.error(`... ${elapsed()}`), progressEvery)
  const [command, ...first] = npmCommand()
  return new Promise((resolve, reject) => {
    const npm = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    npm.once('error', (error) => {
      clearInterval(timer)
      reject(new Error(`npm could not be started: ${error.message}`))
    })
    npm.once('close', (code) => {
      clearInterval(timer)
      if (code !== 0) return reject(new Error(failed))
      console.error(`... done in ${elapsed()}`)
      resolve()
    })
  })
}

// Inside `npm run` the npm that runs it, which need not be on PATH; other package managers set the same variable.
function npmCommand() {
  const running = process.env.npm_execpath
  if (running !== undefined && basename(running) === 'npm-cli.js') return [process.execPath, running]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}
