import { secretsOf } from '../../credentials/secrets.js'
import { hold, NotApplicable } from '../trial.js'
import { all, type ToolTrial } from './trial-of.js'

/** Comes last: it looks through all that the tool said in the other trials. */
export const secrecyTrial: ToolTrial = {
  name: 'no credential is in an output or in an error',
  appliesTo: all,
  carryOut: async ({ tool, said, secrets }) => {
    if (Object.keys(tool.credentials).length === 0) throw new NotApplicable('it has no credentials')
    const known = secretsOf([...secrets])
    const told = said.find((text) => known.areIn(text))
    hold(told === undefined, `it said: ${known.hide(told ?? '').slice(0, 200)}`)
  },
}
