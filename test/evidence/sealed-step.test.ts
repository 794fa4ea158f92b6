import { expect, test } from 'vitest'
import type { Tool } from '../../src/contract/tool.js'
import type { EnvelopeStep } from '../../src/domain/envelope.js'
import { tellUndo } from '../../src/domain/tell-undo.js'
import type { Admitted } from '../../src/evidence/admitted.js'
import { sealedStep } from '../../src/evidence/sealed-step.js'
import { addNote, eraseCustomer, getInvoice, registered } from '../_util/contracts.js'

function sealed(tool: Tool): EnvelopeStep {
  const { name } = tool.contract
  const admitted = {
    record: { contracts: { step1: { tool: name, version: 1, digest: tool.digest } }, observations: [], decisions: [] },
    authority: { contractByDigest: () => registered(tool) },
  } as unknown as Admitted
  return sealedStep(admitted, { id: 'step1', tool: name, args: {} }, 1)
}

test('a step is sealed as one that can be undone unless its contract is irreversible, and a read as a read', () => {
  const steps = [getInvoice, addNote, eraseCustomer].map(sealed)
  expect(steps.map(({ undoable, reads }) => [undoable, reads])).toEqual([
    [true, true],
    [true, undefined],
    [false, undefined],
  ])
  const [read, note] = steps as [EnvelopeStep, EnvelopeStep, EnvelopeStep]
  expect([[read], [read, note], steps].map(tellUndo)).toEqual(['changes nothing', 'can be undone', 'CANNOT BE UNDONE'])
})
