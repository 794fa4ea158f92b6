import type { Attack } from './attack.js'
import { interpose } from './interpose.js'
import type { Room } from './room.js'
import { openWatch, type Watch } from './watch.js'

const watches = new WeakMap<Room, Promise<Watch>>()
const watchOf = (room: Room): Promise<Watch> => {
  const watch = watches.get(room) ?? openWatch(room)
  watches.set(room, watch)
  return watch
}

/** Whoever has approval for one thing would like to have another by the time of the call. */
const changes: Record<string, { readonly rows: readonly string[]; readonly to: Partial<Watch['world']> }> = {
  'what a call rests on changes between the vote and the call': { rows: ['A19'], to: { status: 'paused' } },
  'a target grows between the vote and the call': { rows: ['A20'], to: { members: ['a', 'b', 'c', 'd'] } },
}

export const movedObservations: readonly Attack<Room>[] = Object.entries(changes).map(([name, { rows, to }]) => ({
  rows,
  name,
  carryOut: async (room, tally) => {
    const watch = await watchOf(room)
    const before = { status: watch.world.status, members: watch.world.members }
    const press = async (id: string) => {
      for (const round of [1, 2]) await watch.run(id, round)
    }
    const unseen = await watch.approved()
    Object.assign(watch.world, to)
    await press(unseen)
    tally.attempt('and nobody looks again', room.downstream.of(unseen) > 0)
    await watch.look(unseen, 1)
    await press(unseen)
    tally.attempt('and somebody does', room.downstream.of(unseen) > 0)
    Object.assign(watch.world, before)
    const during = await watch.approved()
    await watch.look(during, 1)
    const pool = interpose(room.http.database.executorPool, /insert into intents/, () => watch.lookMore(during, to))
    await watch.run(during, 1, { pool })
    await press(during)
    tally.attempt('in the last moment', room.downstream.of(during) > 0)
    const still = await watch.approved()
    await watch.look(still, 1)
    await watch.run(still)
    tally.control('as nothing changes', room.downstream.of(still) === 1)
  },
}))
