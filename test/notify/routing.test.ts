import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { destinationsOf, type Route, type RoutingRules } from '../../src/domain/routing.js'

const rules: RoutingRules = {
  default: ['webhook'],
  groups: { finance: ['slack', 'slack:#finance'], security: ['slack', 'webhook'], silent: [] },
}
const to = (groups: readonly string[], recipients: Readonly<Record<string, readonly string[]>>) =>
  destinationsOf(rules, {
    groups,
    recipients: Object.entries(recipients).map(([person, of]) => ({ person, groups: of })),
  })

describe('a notice', () => {
  test('goes to each person and to the channel of their group', () => {
    expect(to(['finance'], { ann: ['finance'], bob: ['finance'] })).toEqual([
      { channel: 'slack', address: 'ann', recipients: ['ann'] },
      { channel: 'slack', address: 'bob', recipients: ['bob'] },
      { channel: 'slack', address: '#finance', recipients: ['ann', 'bob'] },
    ])
  })

  test('goes to a person of several groups once', () => {
    const all = to(['finance', 'security'], { ann: ['finance', 'security'] })
    expect(all.filter(({ address }) => address === 'ann')).toHaveLength(1)
  })

  test('goes the default way for a group without routes, and for who is asked for no group', () => {
    expect(to(['privacy'], { eve: ['privacy'], own: [] })).toEqual([
      { channel: 'webhook', address: '', recipients: ['eve', 'own'] },
    ])
  })

  test('goes to the channel of a group in which nobody may decide', () => {
    expect(to(['finance'], {})).toEqual([{ channel: 'slack', address: '#finance', recipients: [] }])
  })

  test('goes nowhere where the routes of a group are none', () => {
    expect(to(['silent'], { ann: ['silent'] })).toEqual([])
  })
})

test('every recipient of a notice gets it by each route of their groups exactly once, and nobody else gets it', () => {
  const names = (prefix: string) => fc.integer({ min: 0, max: 4 }).map((n) => `${prefix}${n}`)
  const route = fc.constantFrom<Route>('slack', 'webhook', 'slack:#one', 'slack:#two')
  const routes = fc.uniqueArray(route)
  const groups = fc.uniqueArray(names('group'), { maxLength: 5 })
  const recipients = fc.uniqueArray(fc.record({ person: names('person:'), groups }), {
    selector: (each) => each.person,
  })
  fc.assert(
    fc.property(routes, fc.dictionary(names('group'), routes), groups, recipients, (usual, ofGroups, asked, people) => {
      const made: RoutingRules = { default: usual, groups: ofGroups }
      const destinations = destinationsOf(made, { groups: asked, recipients: people })
      const keys = destinations.map(({ channel, address }) => `${channel} ${address}`)
      expect(new Set(keys).size).toBe(keys.length)
      for (const { person, groups: of } of people) {
        const mine = of.filter((group) => asked.includes(group))
        const expected = new Set(
          mine.length > 0 ? mine.flatMap((group) => made.groups[group] ?? made.default) : made.default,
        )
        const got = destinations
          .filter(({ recipients: told }) => told.includes(person))
          .map(({ channel, address }) => (address === person || address === '' ? channel : `${channel}:${address}`))
        expect(got.sort()).toEqual([...expected].sort())
      }
      const known = people.map(({ person }) => person)
      for (const { recipients: told } of destinations) for (const person of told) expect(known).toContain(person)
    }),
  )
})
