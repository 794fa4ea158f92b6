import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { carryOut } from './attack.js'
import { openRoom, type Room } from './room.js'
import { roomAttacks } from './suite.js'

describe('nobody gets what nobody entitled agreed to', () => {
  let room: Room
  beforeAll(async () => {
    room = await openRoom()
  })
  afterAll(() => room?.close())

  test.each(roomAttacks.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const { error, successes, remarks, attempts } = await carryOut(attack, room)
    expect({ error, successes, remarks }).toEqual({ error: null, successes: 0, remarks: [] })
    expect(attempts).toBeGreaterThan(0)
  })
})
