import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionView } from '../../src/control-plane/action-view.js'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import { canonical } from '../../src/digest.js'
import { packageRoot } from '../../src/package-root.js'
import { openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { maskedText, toldPage } from '../_util/told-page.js'
import { exq } from '../surfaces/cli-run.js'
import { type BankLine, bankLines } from './fixtures/attention-tools.js'

const run = promisify(execFile)
const bin = fileURLToPath(new URL('bin/exequatur.mjs', packageRoot))
const page = fileURLToPath(new URL('docs/ATTENTION.md', packageRoot))

describe('what a machine may not settle, on the real stack', () => {
  const bank = join(tmpdir(), `exequatur-bank-${randomUUID()}.jsonl`)
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('attention', {
      config: new URL('./fixtures/attention.config.ts', import.meta.url).pathname,
      env: { executor: { ATTENTION_BANK: bank } },
    })
  })
  afterAll(() => desk?.close())

  let receivers = 0
  const wire = (how: string, cents = 500) => {
    receivers += 1
    return { to: `r${receivers}_${how}`, cents, how }
  }
  const get = async (id: string) => (await desk.agent.get<ActionView>(`/v1/actions/${id}`)).body
  const done = (to: string): BankLine['did'][] =>
    bankLines(bank)
      .filter((line) => line.to === to)
      .map(({ did }) => did)

  async function exqAs(who: string, argv: readonly string[]) {
    const env = { EXEQUATUR_API: desk.dev.api, EXEQUATUR_TOKEN: desk.dev.tokens.people[who] }
    return exq(argv, { env })
  }
  /** Decides as soon as somebody may: that something did not happen only once it can happen no more. */
  async function decide(id: string, argv: readonly string[], who = 'ann') {
    for (;;) {
      const ran = await exqAs(who, ['attention', 'resolve', id, '--reason', 'Asked the bank.', ...argv])
      if (!ran.stderr.includes('EXQ-5038')) return ran
      await pause(500)
    }
  }
  const show = async (id: string): Promise<AttentionView> =>
    JSON.parse((await exqAs('ann', ['attention', 'show', id, '-o', 'json'])).stdout)

  /** Asks for one transfer and waits until a person is needed. */
  async function ask(args: object) {
    const { id } = (await desk.agent.ask('wire_money', args as Record<string, unknown>, 0)).body
    return { id, attention: await handedOver(id) }
  }
  async function handedOver(id: string, other = ''): Promise<string> {
    let found = ''
    await until('a person is asked', async () => {
      found = (await get(id)).attention.find((each) => each.id !== other)?.id ?? ''
      return found !== ''
    })
    return found
  }
  /** Writes what a login of the server's role could: a decision of ann's that says all it has to, signed by nobody. */
  async function forge({ id, action_id, step, phase, generation, state_digest }: AttentionView): Promise<void> {
    const { account } = (await desk.person('ann').get<{ account: string }>('/v1/keys')).body
    const said = { attention_id: id, step, phase, generation, revision: 1, state_digest, choice: 'attempt-again' }
    const by = { decided_by: 'person:ann', account, method: 'cli', self_decided: false }
    const row = { tenant: 'acme', action_id, ...said, reason: 'forged', evidence: null, output: null, ...by }
    const statement = canonical({ kind: 'resolution', ...row, at: new Date().toISOString() })
    const signed = { statement, key_id: await serverKey(), signature: 'A'.repeat(86) }
    await desk.rows(
      `insert into resolutions select (jsonb_populate_record(null::resolutions, $1 || jsonb_build_object('facts',
         facts_of('acme', $2, 'step1', 'execute'), 'resolved_at', now()))).*`,
      [JSON.stringify({ ...row, ...signed }), action_id],
    )
  }
  const serverKey = async () =>
    (await desk.rows<{ key_id: string }>(`select key_id from resolutions where key_id like 'ed25519:%' limit 1`))[0]
      ?.key_id
  const keys = async (id: string) =>
    desk.rows<{ generation: number; idempotency_key: string }>(
      `select generation, idempotency_key from intents where action_id = $1 and phase = 'execute' order by generation`,
      [id],
    )

  test('docs/ATTENTION.md shows what its commands say (vitest -u writes it anew)', async () => {
    const args = { to: 'acme_supplies', cents: 500, how: 'hidden' }
    const { id } = (await desk.agent.ask('wire_money', args, 0, 'attention-page-1')).body
    await handedOver(id)
    const said = async (command: string) => {
      const line = command.replaceAll('npx exq', `"${process.execPath}" "${bin}"`)
      const env = { ...process.env, EXEQUATUR_HOME: desk.stack.home, NO_COLOR: '1' }
      return (await run('sh', ['-c', `( ${line} ) 2>&1`], { env })).stdout.trimEnd()
    }
    const masked = (text: string) =>
      maskedText(text)
        .replaceAll(/\b\d+ (?:s|min)( !)?(?=[\s.])/g, 'AGE')
        .replaceAll(/, overdue|\d+ times/g, '')
        .replaceAll(/ +/g, ' ')
    const told = await toldPage(readFileSync(page, 'utf8'), said, masked)
    await expect(told).toMatchFileSnapshot(page)
    await desk.agent.ended(id)
  })

  test('an unknown call that happened is so, with its output: the plan goes on, and nothing is sent again', async () => {
    const args = wire('hidden')
    const { id, attention } = await ask(args)
    expect((await get(id)).outcome).toBeNull()
    const listed = await exqAs('ann', ['attention', 'list', '--tool', 'wire_money'])
    expect(listed.stdout).toContain(`wire_money of $5.00 on Receiver ${args.to}`)
    const result = ['--result', '{"transfer_id":"tr_seen"}']
    const ran = await decide(attention, ['--happened', '--evidence', 'statement 7', ...result])
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 0, stdout: `happened recorded on ${attention}\n` })
    const ended = await desk.agent.ended(id)
    expect(ended).toMatchObject({
      outcome: 'succeeded',
      steps: [{ effect: 'committed', output: { transfer_id: 'tr_seen' } }],
    })
    expect(done(args.to)).toEqual(['wired'])
    expect(await show(attention)).toMatchObject({ state: 'decided', resolution: { decided_by: 'person:ann' } })
  })

  test('an unknown call that did not happen ends the plan, and nothing is sent again', async () => {
    const args = wire('lost')
    const { id, attention } = await ask(args)
    expect((await decide(attention, ['--did-not-happen', '--evidence', 'no statement'])).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('failed')
    expect(done(args.to)).toEqual(['asked'])
  })

  test('another attempt is a call under a new key, decided and approved anew', async () => {
    const args = wire('lost', 5_000)
    const { id } = (await desk.agent.ask('wire_money', args, 0)).body
    const approvalOf = async (other?: string) => {
      await until('approval is asked for', async () => {
        const { approval, stage } = await get(id)
        return stage === 'approval' && approval !== null && approval.id !== other
      })
      return (await desk.agent.get(`/v1/actions/${id}`)).body
    }
    const first = await approvalOf()
    expect((await desk.approve(first, 'ann')).status).toBe(200)
    const attention = await handedOver(id)
    expect((await decide(attention, ['--attempt-again'], 'fred')).code).toBe(0)
    const second = await approvalOf(first.approval?.id)
    expect(done(args.to)).toEqual(['asked'])
    expect((await desk.approve(second, 'ann')).status).toBe(200)
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
    expect(done(args.to)).toEqual(['asked', 'wired'])
    const [before, after] = await keys(id)
    expect([before?.generation, after?.generation]).toEqual([0, 1])
    expect(after?.idempotency_key).not.toBe(before?.idempotency_key)
  })

  test('an unknown call may be taken for done and undone, by what a person gives of its output', async () => {
    const args = wire('hidden')
    const { id, attention } = await ask(args)
    expect((await decide(attention, ['--compensate', '--result', '{"transfer_id":"tr_seen"}'])).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('compensated')
    expect(done(args.to)).toEqual(['wired', 'undone'])
  })

  test('what differs from what was answered is shown with both, and a person accepts it', async () => {
    const args = wire('wrong')
    const { id, attention } = await ask(args)
    expect(await show(attention)).toMatchObject({
      reason: 'diverged',
      attempts: [{ claimed: 'committed', output: { transfer_id: `tr_${args.to}` } }],
      observed: [{ found: 'diverged' }],
    })
    expect((await decide(attention, ['--happened', '--evidence', 'agreed with the receiver'])).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('succeeded')
  })

  test('what cannot be undone is left as it is, and the action ends so', async () => {
    const [stuck, refused] = [wire('stuck'), wire('refused')]
    const plan = { goal: 'Pay twice', steps: [stuck, refused].map((args) => ({ tool: 'wire_money', args })) }
    const context = { request_id: randomUUID(), ticket_id: 'zd_1' }
    const { id } = (await desk.agent.post('/v1/actions', { plan, context })).body
    const attention = await handedOver(id)
    const shown = await show(attention)
    expect(shown).toMatchObject({ reason: 'not-undone', phase: 'compensate', step: 'step1' })
    expect(shown.choices.map(({ choice }) => choice)).toEqual(['happened', 'attempt-again', 'leave'])
    expect((await decide(attention, ['--leave'])).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('needs-attention')
    expect([done(stuck.to), done(refused.to)]).toEqual([['wired'], []])
  })

  test('what is silent for too long is told again, and logged with the command that shows it', async () => {
    const { id, attention } = await ask(wire('lost'))
    const kinds = async () =>
      (await desk.rows<{ kind: string }>('select kind from notices where attention_id = $1', [attention])).map(
        ({ kind }) => kind,
      )
    await until('people are reminded', async () => (await kinds()).includes('reminder'))
    const log = () => readFileSync(join(desk.stack.home, 'logs', 'server.log'), 'utf8')
    await until('it is logged', async () => log().includes(`exq attention show ${attention}`))
    expect(await show(attention)).toMatchObject({ overdue: true })
    await decide(attention, ['--did-not-happen', '--evidence', 'no statement'])
    await desk.agent.ended(id)
    await until('it is closed', async () => (await kinds()).includes('closed'))
  })

  test('nobody else decides: no agent, not the owner of the agent, none of another group, and no row without a signature', async () => {
    const args = wire('lost')
    const { id, attention } = await ask(args)
    for (const who of ['olga', 'omar']) {
      const ran = await decide(attention, ['--attempt-again'], who)
      expect({ code: ran.code, refused: ran.stderr.includes('EXQ-5031') }).toEqual({ code: 1, refused: true })
    }
    const body = { choice: 'attempt-again', reason: 'again', state_digest: (await show(attention)).state_digest }
    const asked = await desk.agent.post<{ code: string }>(`/v1/attention/${attention}/resolutions`, body)
    expect(asked).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
    await forge(await show(attention))
    const revision = (await desk.rows<{ revision: number }>('select revision from actions where id = $1', [id]))[0]
    expect(revision?.revision).toBe(1)
    await until('the workflow has looked', async () => {
      const owed = await desk.rows(
        `select from outbox o where action_id = $1 and kind = 'hint'
           and not exists (select from outbox d where d.of = o.seq)`,
        [id],
      )
      return owed.length === 0
    })
    // A real decision comes after the forged one, and is the one that is followed.
    expect((await decide(attention, ['--did-not-happen', '--evidence', 'no statement'])).code).toBe(0)
    expect((await desk.agent.ended(id)).outcome).toBe('failed')
    expect(await keys(id)).toHaveLength(1)
    expect(done(args.to)).toEqual(['asked'])
  })
})
