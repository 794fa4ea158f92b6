import { readdirSync } from 'node:fs'
import type { Command } from 'commander'
import { afterEach, describe, expect, test } from 'vitest'
import { CliCommand } from '../../src/cli/cli-command.js'
import { shells } from '../../src/cli/completion/scripts.js'
import { buildProgram } from '../../src/cli/program.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { exq, folderWith } from './cli-run.js'
import { action, actionId, approval, approvalId, ended, tool } from './cli-samples.js'
import { folderOfExq, type InTerminal, inTerminal, isHere } from './in-terminal.js'

let api: ApiServer | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})

/** What is offered for the last word, without the meanings. */
async function offered(words: readonly string[], answers?: Answers, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  if (answers) api = await startApi(answers)
  const run = api ? api.run : exq
  const { code, stdout, stderr } = await run(['complete', '--', ...words], { env })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])
}

describe('exq complete', () => {
  test('offers every command that the help names, and no hidden one', async () => {
    const program = buildProgram(() => async () => undefined)
    const named = program.createHelp().visibleCommands(program)
    const words = await offered([''])
    expect(words).toEqual(named.map((each) => each.name()))
    expect(words).toContain('policy')
    expect(words).not.toContain('complete')
    expect(await offered(['help', 'pol'])).toEqual(['policy'])
  })

  test('offers each option of a command once, but those that may be given several times', async () => {
    expect(await offered(['list', '--o'])).toEqual(['--output', '--outcome'])
    expect(await offered(['list', '--outcome', 'failed', '--o'])).toEqual(['--output'])
    expect(await offered(['submit', 'x', '--arg', 'a=1', '--arg'])).toEqual(['--arg', '--args'])
  })

  test.each([
    [
      ['policy', 'ch'],
      ['check', 'changes'],
    ],
    [['list', '--outcome', 'fa'], ['failed']],
    [['list', '--outcome=fa'], ['--outcome=failed']],
    [
      ['list', '-o', ''],
      ['text', 'json'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['stop', 't'],
      ['tenant', 'tool'],
    ],
    [['policy', 'check', '--config', ''], [':files']],
    [['policy', 'check', '--config=ex'], [':files']],
    [['approve', '--reason', ''], []],
    [['list', '--', '--outcome'], []],
    [['frob', ''], []],
  ])('offers for %j %j', async (words, values) => expect(await offered(words)).toEqual(values))

  test('offers the names of dev.json, without a server', async () => {
    const home = folderWith({
      'dev.json': { api: 'http://127.0.0.1:9', tokens: { agents: { desk: 'x' }, people: { ann: 'y', omar: 'z' } } },
    })
    const env = { EXEQUATUR_HOME: home.path }
    expect(await offered(['inbox', '--as', ''], undefined, env)).toEqual(['agent:desk', 'person:ann', 'person:omar'])
    expect(await offered(['inbox', '--as', 'person:o'], undefined, env)).toEqual(['person:omar'])
    expect(await offered(['stop', 'agent', ''], undefined, env)).toEqual(['desk'])
    home.remove()
  })

  const answers = {
    'GET /v1/approvals': { items: [approval()], next: null },
    'GET /v1/actions': { items: [action(), ended('failed')], next: null },
    'GET /v1/tools': { items: [tool], next: null },
  }

  test('asks the server for ids and tools, and for nothing else', async () => {
    expect(await offered(['approve', ''], answers)).toEqual([approvalId])
    expect(api?.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/approvals'])
    expect(await offered(['get', 'act_'])).toEqual([actionId, actionId])
    expect(await offered(['watch', ''])).toEqual([actionId])
    expect(await offered(['list', '--tool', 'ref'])).toEqual(['refund_invoice'])
    expect(api?.received).toHaveLength(4)
    await offered([''])
    await offered(['approve', '--'])
    expect(api?.received).toHaveLength(4)
  })

  test('offers to take back only what the caller has voted on, and may still', async () => {
    const ids = ['a', 'b', 'c'].map((letter) => `apr_${letter.repeat(26)}`) as [string, string, string]
    const states = ['approved', 'rejected', 'waiting'] as const
    const items = states.map((state, at) => approval({ id: String(ids[at]), state }))
    const decided = { 'GET /v1/decisions': { items, next: null } }
    expect(await offered(['withdraw', ''], { ...answers, ...decided })).toEqual([ids[0], ids[2]])
    expect(api?.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/decisions'])
  })

  test('asks as whom the line says', async () => {
    await offered(['approve', '--token', 'exq_acme_other', ''], answers)
    expect(api?.received[0]?.headers.authorization).toBe('Bearer exq_acme_other')
  })

  test('offers nothing, without a word, where the server does not help', async () => {
    expect(await offered(['approve', ''], { 'GET /v1/approvals': problem('EXQ-2001', 'revoked') })).toEqual([])
    await api?.close()
    api = undefined
    const nowhere = { EXEQUATUR_API: 'http://127.0.0.1:9', EXEQUATUR_TOKEN: 'x' }
    expect(await offered(['approve', ''], undefined, nowhere)).toEqual([])
    expect(await offered(['approve', ''], undefined, {})).toEqual([])
    const home = folderWith({ 'dev.json': 'no JSON' })
    expect(await offered(['inbox', '--as', ''], undefined, { EXEQUATUR_HOME: home.path })).toEqual([])
    home.remove()
  })

  test('does not wait for a server that does not answer', async () => {
    const started = Date.now()
    api = await startApi({ 'GET /v1/approvals': () => new Promise(() => undefined) })
    expect(await offered(['approve', ''])).toEqual([])
    expect(Date.now() - started).toBeLessThan(20_000)
  })

  test('offers nothing that would act in a shell', async () => {
    const evil = ['$(reboot)', 'a;b', 'x\u001b[2J', '`id`', "q'", 'a b', 'x\ny'].map((name) => ({ ...tool, name }))
    const answers = { 'GET /v1/tools': { items: [...evil, { ...tool, title: 'T\u001b]8;;x\u0007\nrm' }], next: null } }
    expect(await offered(['submit', ''], answers)).toEqual(['refund_invoice'])
    const { stdout } = (await api?.run(['complete', '--', 'submit', ''])) ?? { stdout: '' }
    expect(stdout).not.toMatch(/[^\P{C}\n\t]/u)
    expect(stdout.trim().split('\n')).toHaveLength(1)
  })
})

describe('what a command takes', () => {
  /** What people make up themselves, or what is a file. */
  const free = [
    'completion shell',
    'key endorse public-key',
    'complete words',
    'group add group',
    'group add principal',
    'group remove group',
    'group remove principal',
    'account link principal',
    'account unlink principal',
    'agent create name',
    'person create name',
    'service create name',
    ...['show', 'rotate', 'suspend', 'resume', 'revoke', 'decommission'].map((verb) => `service ${verb} name`),
    ...['withdraw', 'deprecate', 'restore'].map((verb) => `tools ${verb} version`),
    'tools check name',
    'policy simulate request.json',
    'server-key create folder',
    'slack link code',
  ]

  function argumentsIn(command: Command, words: string): { name: string; completed: boolean }[] {
    const own = command.registeredArguments.map((argument) => ({
      name: `${words} ${argument.name()}`.trim(),
      completed: command instanceof CliCommand && argument.name() in command.completions,
    }))
    return [...own, ...command.commands.flatMap((each) => argumentsIn(each, `${words} ${each.name()}`.trim()))]
  }

  test('is completed wherever it is the name or id of something', () => {
    const all = argumentsIn(
      buildProgram(() => async () => undefined),
      '',
    )
    expect(all.length).toBeGreaterThan(40)
    expect(all.flatMap(({ name, completed }) => (completed ? [] : [name])).sort()).toEqual([...free].sort())
  })
})

describe('in a real shell', () => {
  let terminal: InTerminal | undefined
  afterEach(() => terminal?.end())

  const starts = {
    bash: { argv: ['bash', '--norc', '--noprofile', '-i'], load: 'source <(exq completion bash)' },
    zsh: { argv: ['zsh', '-f', '-i'], load: 'autoload -U compinit && compinit -D && source <(exq completion zsh)' },
    fish: { argv: ['fish', '--no-config'], load: 'exq completion fish | source' },
  }
  const canType = isHere('python3')

  // Not every machine has every shell; what the scripts ask for is proven above.
  for (const shell of shells) {
    test.skipIf(!canType || !isHere(shell))(`${shell} completes commands, choices and ids`, async () => {
      api = await startApi({ 'GET /v1/decisions': { items: [approval()], next: null } })
      const { argv, load } = starts[shell]
      const PATH = `${folderOfExq()}:${process.env.PATH}`
      const env = { PATH, HOME: folderWith({}).path, EXEQUATUR_API: api.url, EXEQUATUR_TOKEN: 'exq_acme_token' }
      terminal = inTerminal(argv, { env })
      terminal.type(`${load} && echo rea"dy"\r`)
      await terminal.shows('ready')
      terminal.type('exq withd\t')
      await terminal.shows(/exq withd(?:raw|.*withdraw)/s)
      terminal.type('apr\t')
      await terminal.shows(approvalId)
      terminal.type('\u0015exq list --outcome=suc\t')
      await terminal.shows('--outcome=succeeded')
    })

    test.skipIf(!canType || !isHere(shell))(
      `${shell} completes the names of files so that none of them acts`,
      async () => {
        const { argv, load } = starts[shell]
        const folder = folderWith({ 'x$(touch hit);touch hit': '' })
        const PATH = `${folderOfExq()}:${process.env.PATH}`
        terminal = inTerminal(argv, { env: { PATH, HOME: folderWith({}).path } })
        terminal.type(`cd ${folder.path} && ${load} && echo rea"dy"\r`)
        await terminal.shows('ready')
        terminal.type('exq policy check --config x\t')
        await terminal.shows('touch')
        terminal.type('\u0001echo do"ne" \u0005 && echo en"d"\r')
        await terminal.shows('end')
        expect(readdirSync(folder.path)).toEqual(['x$(touch hit);touch hit'])
        folder.remove()
      },
    )
  }
})
