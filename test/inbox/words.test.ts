import { expect, test } from 'vitest'
import { tellPrincipal } from '../../src/inbox/words.js'

test('people are told by their name, and everything else with its kind', () => {
  expect(['person:ann', 'agent:ann', 'service:ann', 'ann', 'person:a:b'].map(tellPrincipal)).toEqual([
    'ann',
    'the agent ann',
    'the service ann',
    'ann',
    'a:b',
  ])
})
