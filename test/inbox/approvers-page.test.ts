import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.js'
import { packageRoot } from '../../src/package-root.js'

const page = readFileSync(new URL('docs/APPROVERS.md', packageRoot), 'utf8')
const mostBytes = 150_000

describe('docs/APPROVERS.md', () => {
  test('shows pictures that are there, each with words for who does not see it, and small', () => {
    const pictures = [...page.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)]
    expect(pictures.length).toBeGreaterThan(8)
    for (const [, words = '', path = ''] of pictures) {
      const file = new URL(`docs/${path}`, packageRoot)
      expect(existsSync(file), path).toBe(true)
      expect(statSync(file).size, path).toBeLessThan(mostBytes)
      expect(words.length, path).toBeGreaterThan(8)
    }
  })

  test.each(['empty', 'waiting', 'passkey', 'elsewhere', 'expired', 'closely', 'phone', 'phone-request', 'dark'])(
    'shows the inbox when it is %s',
    (state) => expect(page).toContain(`(pictures/${state}.png)`),
  )

  test('has no picture beside it that no page shows', () => {
    const shown = page + readFileSync(new URL('README.md', packageRoot), 'utf8')
    const files = readdirSync(new URL('docs/pictures', packageRoot))
    expect(files.filter((name) => !shown.includes(`pictures/${name})`))).toEqual([])
  })

  test('shows commands that the command line takes', async () => {
    const commands = [...page.matchAll(/^npx exq (.+)$/gm)].map(([, line]) => line as string)
    expect(commands.length).toBeGreaterThan(6)
    for (const line of commands) expect(await parsed(line), line).toBe('ran')
    expect(await parsed('approve <approval id> --because x')).toMatch(/unknown option/)
  })

  test('has the same keys as the page', () => {
    const source = readFileSync(new URL('src/inbox/parts/keys-dialog.tsx', packageRoot), 'utf8')
    const keys = [...source.matchAll(/\{ key: '(.+?)', does: '(.+?)' \}/g)].map(
      ([, key, does]) => `| \`${key}\` | ${does} |`,
    )
    expect(keys.length).toBeGreaterThan(8)
    for (const row of keys) expect(page).toContain(row)
  })
})

/** `ran`, if the command line takes a line; else what it says. */
async function parsed(line: string): Promise<string> {
  let ran = 'nothing ran'
  const program = buildProgram(() => async () => {
    ran = 'ran'
  })
  const words = [...line.replaceAll(/<[a-z ]+>/g, 'some_id').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
  try {
    await quiet(program).parseAsync(words, { from: 'user' })
    return ran
  } catch (error) {
    return (error as Error).message
  }
}

function quiet(program: ReturnType<typeof buildProgram>) {
  for (const each of [program, ...program.commands.flatMap((command) => [command, ...command.commands])])
    each.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  return program
}
