import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ApprovalReport } from '../../src/domain/activities.js'
import { drawn } from '../_util/drawn.js'
import { watchedWorld } from '../_util/watched-tools.js'
import { interpose } from './interpose.js'
import { approvalOf, type ExecutorChanges, openRoom, type Room } from './room.js'
import { openWatch, type Watch } from './watch.js'

describe('a step that people approved, of a tool that wants what it rests on looked at again', () => {
  let room: Room
  let watch: Watch
  let world: Watch['world']
  beforeAll(async () => {
    room = await openRoom()
    watch = await openWatch(room)
    world = watch.world
  })
  afterAll(() => room?.close())
  beforeEach(() => {
    delete world.touches
    Object.assign(world, watchedWorld())
  })

  const ask = () => watch.ask()
  const approved = () => watch.approved()
  const look = (id: string, nth: number) => watch.look(id, nth)
  const run = (id: string, round?: number, changes?: ExecutorChanges) => watch.run(id, round, changes)
  const rows = (table: string, id: string) =>
    room.intruders.owner<Record<string, unknown>>(`select * from ${table} where action_id = $1`, [id])

  const renderingOf = async (id: string, round: number) => {
    const [row] = await room.intruders.owner<{ rendering: string }>(
      'select rendering from envelopes where action_id = $1 and round = $2',
      [id, round],
    )
    return drawn(row?.rendering ?? '')
  }
  const asked = async (id: string, round: number): Promise<ApprovalReport> => {
    const report = await room.decide(id, round)
    expect(report).toMatchObject({ state: 'waiting' })
    return report as ApprovalReport
  }

  test('waits for a further look, and runs where nothing moved', async () => {
    const id = await approved()
    expect(await run(id)).toBe('none')
    expect(room.downstream.of(id)).toBe(0)
    world.note = 'of no concern'
    expect(await look(id, 1)).toBe('committed')
    expect(await run(id)).toBe('committed')
    expect(room.downstream.books.filter(({ action }) => action === id)).toMatchObject([{ args: { about: '' } }])
    expect(world.told).toEqual([3])
    expect(await rows('observations', id)).toHaveLength(2)
  })

  test('goes back to people, who are shown both values, where a precondition moved', async () => {
    const id = await approved()
    world.status = 'paused'
    world.note = 'as of now'
    await look(id, 1)
    expect(await run(id)).toBe('held')
    expect(room.downstream.of(id)).toBe(0)
    // The policy alone would let it run by now.
    const again = await asked(id, 2)
    expect(await renderingOf(id, 2)).toContain('step1 status: "active" -> "paused"')
    expect(await renderingOf(id, 2)).toContain('  about = "as of now"')
    expect(await run(id, 1)).toBe('held')
    expect(await run(id, 2)).toBe('later')
    await room.vote('bob', approvalOf(again))
    await room.decide(id, 2)
    expect(await run(id, 2)).toBe('none')
    await look(id, 2)
    expect(await run(id, 2)).toBe('committed')
    expect(room.downstream.books.filter(({ action }) => action === id)).toMatchObject([
      { args: { about: 'as of now' } },
    ])
  })

  test('goes back to people where it would touch more objects, not where it touches fewer', async () => {
    const grown = await approved()
    world.members = ['a', 'b', 'c', 'd']
    await look(grown, 1)
    expect(await run(grown)).toBe('held')
    await asked(grown, 2)
    expect(await renderingOf(grown, 2)).toContain('touches 4 objects at most')
    expect(await renderingOf(grown, 2)).toContain('step1 members: 3 -> 4')
    expect(room.downstream.of(grown)).toBe(0)
    const shrunk = await approved()
    world.members = ['a']
    await look(shrunk, 1)
    expect(await run(shrunk)).toBe('committed')
    expect(world.told).toEqual([4])
  })

  test('is diverged where the call says that it touched more than were observed, with both numbers', async () => {
    const id = await approved()
    await look(id, 1)
    world.touches = 5
    expect(await run(id)).toBe('committed')
    const verified = await watch.verify(id)
    expect(verified).toBe('diverged')
    expect(await rows('verifications', id)).toMatchObject([
      {
        found: 'diverged',
        detail: 'EXQ-5053 5 objects were touched, 3 were observed',
        claimed: { '/output/mailed': 3 },
        observed: { '/output/mailed': 5 },
      },
    ])
  })

  test('is what it says where it touched no more than were observed', async () => {
    const id = await approved()
    await look(id, 1)
    world.touches = 3
    await run(id)
    expect(await watch.verify(id)).toBe('committed')
  })

  test('shows every move since it was first decided, in order', async () => {
    const id = await approved()
    world.status = 'paused'
    await look(id, 1)
    await run(id)
    await room.vote('bob', approvalOf(await asked(id, 2)))
    await room.decide(id, 2)
    world.status = 'closed'
    await look(id, 2)
    expect(await run(id, 2)).toBe('held')
    await asked(id, 3)
    const rendering = await renderingOf(id, 3)
    expect(rendering).toContain('step1 status: "active" -> "paused"\n  step1 status: "paused" -> "closed"')
  })

  test('runs by itself where nobody was asked before and the policy lets it, on the newest facts', async () => {
    world.status = 'draft'
    const id = await ask()
    await look(id, 0)
    expect(await room.decide(id)).toBe('allow')
    expect(await run(id)).toBe('committed')
    expect(await rows('observations', id)).toHaveLength(1)
  })

  test('is not executed by whoever comes before the policy has decided', async () => {
    const id = await ask()
    await look(id, 0)
    expect(await run(id)).toBe('later')
    expect(room.downstream.of(id)).toBe(0)
  })

  test('is looked at again only where it is about to run, and one look at a time', async () => {
    const id = await ask()
    await look(id, 0)
    expect(await look(id, 1)).toBe('later')
    const report = await room.decide(id)
    for (const nth of [1, 2, -1, 0.5]) expect(await look(id, nth)).not.toBe('committed')
    await room.vote('bob', approvalOf(report))
    await room.decide(id)
    expect(await look(id, 2)).toBe('later')
    expect(await look(id, 1)).toBe('committed')
    expect(await look(id, 2)).toBe('later')
    expect(await look(id, 1)).toBe('committed')
    expect(await rows('observations', id)).toHaveLength(2)
  })

  test('is not executed on a look that somebody made in the last moment, before the facts of the newest are decided on', async () => {
    const id = await approved()
    await look(id, 1)
    const more = () => watch.lookMore(id, { status: 'paused' })
    const pool = interpose(room.http.database.executorPool, /insert into intents/, more)
    expect(await run(id, 1, { pool })).toBe('held')
    expect(room.downstream.of(id)).toBe(0)
    expect(await rows('intents', id)).toMatchObject([{ phase: 'observe' }, { phase: 'observe' }])
  })

  test('tries again with the arguments of its intent, whatever was seen since', async () => {
    const id = await approved()
    await look(id, 1)
    room.downstream.faults.push('loses the call')
    expect(await run(id)).toBe('later')
    await watch.lookMore(id, { note: 'smuggled', members: [] })
    for (const round of [2, 1]) await run(id, round)
    const [intent] = await room.intruders.owner<{ args: object; look: number }>(
      "select args, look from intents where action_id = $1 and phase = 'execute'",
      [id],
    )
    expect(intent).toEqual({ args: { segment: 'trial', about: '' }, look: 1 })
    for (const { args } of room.downstream.books.filter(({ action }) => action === id))
      expect(args).toEqual({ segment: 'trial', about: '' })
  })
})
