import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Desk, openDesk } from '../desk.js'

/** A billing stand-in for the tests of one file, with the tools pointed at it. */
export function useBilling(): { desk: () => Desk; fresh: (objects: (name: string) => object) => Promise<string> } {
  let desk: Desk
  let names = 0
  beforeAll(async () => {
    desk = await openDesk('billing')
    process.env.STRIPE_API_BASE = desk.url
  })
  afterEach(() => desk.clearFaults())
  afterAll(() => desk.close())
  return {
    desk: () => desk,
    /** Seeds objects under a name that no other test has. */
    fresh: async (objects) => {
      names += 1
      await desk.seed(objects(`t${names}`))
      return `t${names}`
    },
  }
}
