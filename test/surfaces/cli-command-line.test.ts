import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import type { CliCommand } from '../../src/cli/cli-command.js'
import { exitCodes } from '../../src/cli/exit-codes.js'
import { buildProgram } from '../../src/cli/program.js'
import { exq } from './cli-run.js'

function leaves(command: Command, words: readonly string[] = []): { words: readonly string[]; command: CliCommand }[] {
  if (command.commands.length === 0) return [{ words, command: command as CliCommand }]
  return command.commands.flatMap((each) => leaves(each, [...words, each.name()]))
}

const all = leaves(buildProgram(() => async () => undefined))

describe('help', () => {
  test('names every command and every exit code', async () => {
    const { code, stdout } = await exq(['--help'])
    expect(code).toBe(0)
    for (const { words } of all) if (words[0] !== 'complete') expect(stdout).toContain(words[0])
    for (const { code, meaning } of Object.values(exitCodes))
      expect(stdout).toMatch(new RegExp(`${code} +${meaning[0]}`))
  })

  test('is what one gets for no command at all', async () => {
    expect(await exq([])).toEqual(await exq(['--help']))
  })

  test.each(all.map(({ words, command }) => [words.join(' '), command] as const))(
    'of `%s` has an example that is itself',
    async (words, command) => {
      const { code, stdout, stderr } = await exq([...words.split(' '), '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(command.examples).not.toEqual([])
      for (const example of command.examples) {
        expect(example).toContain(`exq ${words}`)
        expect(stdout).toContain(example)
      }
    },
  )

  test('leads on to commands and options that are there', () => {
    const lines = all.flatMap(({ command }) =>
      command.next.flatMap(([line, what]) => [line, what.replace(/^or: /, '')]),
    )
    const commands = lines.filter((line) => line.startsWith('exq '))
    expect(commands.length).toBeGreaterThan(30)
    for (const line of commands) {
      const words = line.split(' ').slice(1)
      const named = all.find(({ words: of }) => of.every((word, index) => words[index] === word))
      expect(named, line).toBeDefined()
      const known = named?.command.options.flatMap(({ long }) => long ?? []) ?? []
      for (const option of words.filter((word) => word.startsWith('--'))) expect(known, line).toContain(option)
      const needed = named?.command.options.filter(({ mandatory }) => mandatory) ?? []
      for (const { long } of needed) expect(words, line).toContain(long)
    }
  })

  test('marks the options that are required', async () => {
    expect((await exq(['reject', '--help'])).stdout).toMatch(/--reason <text> +Why; .*\n?.*\(required\)/)
    expect((await exq(['approve', '--help'])).stdout).not.toContain('(required)')
  })

  test('is folded to the terminal', async () => {
    const { stdout } = await exq(['inbox', '--help'], { tty: true, env: { COLUMNS: '60' } })
    const [told = ''] = stdout.split('\nExamples:')
    for (const line of told.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
  })

  test('all commands but the processes, and what shells read, write JSON when asked', () => {
    const without = all.filter(({ command }) => !command.options.some(({ long }) => long === '--output'))
    expect(without.map(({ words }) => words.join(' '))).toEqual(['server', 'executor', 'completion', 'complete'])
  })
})

describe('a command line that is not right', () => {
  test.each([
    [['frob'], "unknown command 'frob'", 'exq --help'],
    [['policy'], 'a command is missing', 'exq policy --help'],
    [['get'], "missing required argument 'action'", 'exq get --help'],
    [['list', '--stage', 'lunch'], 'Allowed choices are', 'exq list --help'],
    [['list', '--limit', '0'], 'a whole number', 'exq list --help'],
    [['list', '--outcom', 'denied'], 'Did you mean --outcome?', 'exq list --help'],
    [['get', '--wait', 'act_1'], 'write it after the id', 'exq get --help'],
    [['reject', 'apr_1'], "required option '--reason", 'exq reject --help'],
    [['tools', '--token', 'a', '--as', 'b'], 'cannot be used with', 'exq tools --help'],
    [['submit'], 'name a tool', 'exq submit --help'],
    [['submit', 'refund_invoice', '--file', 'x.json'], 'names its own tool', 'exq submit --help'],
    [['replay'], 'either actions or a file', 'exq replay --help'],
    [['person', 'create', 'ann', '--tenant', 'No Tenant'], 'is no tenant', 'exq person create --help'],
    [['stop', 'tenant', '--direct', '--reason', 'x'], '--direct takes --tenant', 'exq stop --help'],
  ])('%j exits with 2 and says what and what next', async (argv, what, next) => {
    const env = { EXEQUATUR_API: 'http://127.0.0.1:9', EXEQUATUR_TOKEN: 'x' }
    const { code, stdout, stderr } = await exq(argv, { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const [line, ...rest] = stderr.slice(stderr.indexOf('EXQ-')).split('\n')
    expect(line).toMatch(/^EXQ-7007 The command is not right: /)
    expect(line).toContain(what)
    expect(rest).toEqual([`Next: See \`${next}\`.`, ''])
  })

  test('is told as JSON where JSON was asked for, wherever that was written', async () => {
    for (const asked of [['-o', 'json'], ['-ojson'], ['--output=json']]) {
      const { code, stdout, stderr } = await exq(['list', '--frob', ...asked])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(JSON.parse(stderr)).toMatchObject({ type: 'urn:exequatur:error:EXQ-7007', code: 'EXQ-7007', errors: [] })
    }
  })
})
