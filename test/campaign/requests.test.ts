import { expect, test } from 'vitest'
import { wishedSteps } from './clients/requests.js'
import { seeded } from './random.js'

const plans = Array.from({ length: 2_000 }, (_, index) => wishedSteps(seeded(`requests/${index}`), 'ask'))

test('nothing that can be undone comes after what cannot', () => {
  const isForGood = plans.map((steps) => steps.map(({ tool }) => tool === 'pay_for_good'))
  expect(isForGood.filter((each) => each.some((forGood, index) => !forGood && each[index - 1]))).toEqual([])
})

test('some plans cannot go on after what nobody can undo', () => {
  const stand = plans.filter(
    (steps) => steps.at(-2)?.tool === 'pay_for_good' && steps.at(-1)?.subject.endsWith('_refused'),
  )
  expect(stand.length).toBeGreaterThan(20)
})

test('every system has its share of single calls', () => {
  const single = plans.filter(({ length }) => length === 1).map(([step]) => step?.system)
  for (const system of ['keyed', 'queryable', 'blind'])
    expect(single.filter((each) => each === system).length).toBeGreaterThan(300)
})
