import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type ApiServer, startApi } from './cli-api-server.js'
import { actionId, ended } from './cli-samples.js'
import { exqArgv, type InTerminal, inTerminal, isHere } from './in-terminal.js'
import { screenOf } from './screen.js'

let api: ApiServer
let terminal: InTerminal | undefined
afterEach(async () => {
  await terminal?.end()
  terminal = undefined
  await api.close()
})

const slow = async () => {
  await sleep(1_600)
  return ended('succeeded')
}

describe('what takes longer than a second', () => {
  test('is said in one plain line where nobody watches', async () => {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: slow })
    const { code, stderr } = await api.run(['get', actionId], { progress: true })
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Waiting for ${new URL(api.url).host} ...\n` })
  })

  test('is said to nobody who wants JSON', async () => {
    api = await startApi({ [`GET /v1/actions/${actionId}`]: slow })
    expect((await api.run(['get', actionId, '-o', 'json'], { progress: true })).stderr).toBe('')
  })

  test.skipIf(!isHere('python3'))('moves on a terminal, and is gone when it is over', async () => {
    let answer: (action: unknown) => void = () => undefined
    const answered = new Promise((done) => {
      answer = done
    })
    api = await startApi({ [`GET /v1/actions/${actionId}`]: () => answered })
    const env = { EXEQUATUR_API: api.url, EXEQUATUR_TOKEN: 'exq_acme_token' }
    terminal = inTerminal([...exqArgv, 'get', actionId], { env })
    await terminal.shows(/[⠋-⠿] Waiting for .* [1-9]\d* s/)
    answer(ended('succeeded'))
    expect(await terminal.exited).toBe(0)
    expect(screenOf(terminal.written()).join('\n')).not.toContain('Waiting')
  })
})
