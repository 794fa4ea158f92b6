import { randomUUID } from 'node:crypto'
import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { badShape, refused, yes } from './answers.js'
import { argumentsOf, optionalText, textOf } from './arguments.js'
import { blockProblems, checkText } from './check-blocks.js'
import type { Block, SlackEffect, SlackView } from './facts.js'
import { withIds } from './messages.js'
import type { SlackState } from './state.js'
import type { Triggers } from './triggers.js'

const mostBlocks = 100

/** Modals: open one for whoever did something a moment ago, and change it while it is open. */
export function viewRoutes(state: SlackState, triggers: Triggers): Route<SlackEffect>[] {
  return [
    { name: 'POST /api/views.open', handle: (call) => open(call, state, triggers) },
    { name: 'POST /api/views.update', handle: (call) => update(call, state) },
  ]
}

function open(call: Call, state: SlackState, triggers: Triggers): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const content = contentOf(args.view, state)
  const user = triggers.use(textOf(args, 'trigger_id'))
  const view: SlackView = { id: state.nextId('V'), user, hash: hash(), content }
  return { reply: yes({ view: viewObject(view, state) }), effect: { effect: 'view.opened', view } }
}

function update(call: Call, state: SlackState): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const known = state.views.get(textOf(args, 'view_id'))
  if (!known) throw refused('not_found')
  const expected = optionalText(args, 'hash')
  if (expected !== undefined && expected !== known.hash) throw refused('hash_conflict')
  const view: SlackView = { ...known, hash: hash(), content: contentOf(args.view, state) }
  return { reply: yes({ view: viewObject(view, state) }), effect: { effect: 'view.updated', view } }
}

/** A modal as Slack would show it. Refuses what it would not. */
export function contentOf(given: unknown, state: SlackState): Record<string, unknown> {
  const view = (given ?? {}) as Record<string, unknown>
  const problems = blockProblems(view.blocks, 'modal', mostBlocks)
  const tell = (at: string, problem: string) => problems.push(`${problem} [json-pointer:/view${at}]`)
  if (view.type !== 'modal') tell('/type', 'must be a valid enum value')
  checkText(view.title, '/title', 24, tell, 'plain_text')
  for (const part of ['submit', 'close'] as const)
    if (view[part] !== undefined) checkText(view[part], `/${part}`, 24, tell, 'plain_text')
  for (const [part, most] of [
    ['private_metadata', 3_000],
    ['callback_id', 255],
  ] as const)
    if (String(view[part] ?? '').length > most) tell(`/${part}`, `must be less than ${most + 1} characters`)
  const takesInput = Array.isArray(view.blocks) && view.blocks.some((block: Block) => block?.type === 'input')
  if (takesInput && view.submit === undefined) tell('', 'missing required field: submit')
  if (problems.length > 0) throw badShape('invalid_arguments', problems)
  return { ...view, blocks: withIds(view.blocks as Block[], state) }
}

export function viewObject({ id, hash, content }: SlackView, state: SlackState, values: object = {}): object {
  return {
    id,
    team_id: state.team,
    app_id: 'A0DESK',
    app_installed_team_id: state.team,
    bot_id: 'B0DESK',
    private_metadata: '',
    callback_id: '',
    clear_on_close: false,
    notify_on_close: false,
    previous_view_id: null,
    root_view_id: id,
    external_id: '',
    close: null,
    submit: null,
    ...content,
    hash,
    state: { values },
  }
}

function hash(): string {
  return `${Date.now()}.${randomUUID().slice(0, 8)}`
}
