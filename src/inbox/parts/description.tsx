import { useState } from 'preact/hooks'
import { leavesOut } from '../../domain/flags.js'
import type { Rendering } from '../../domain/rendered.js'
import type { Approval } from '../api/views.js'
import { Asks } from './asks.js'
import { ChangesTable } from './changes-table.js'
import { DoneAlready } from './done-already.js'
import { Flags } from './flags.js'
import { Limits } from './limits.js'
import { Name } from './name.js'
import { Said } from './said.js'
import { ShowWhole } from './show-whole.js'
import { ShownText } from './shown.js'
import { Step } from './step.js'
import { WhatThen } from './what-then.js'

interface DescriptionProps {
  readonly approval: Approval
  readonly rendering: Rendering | null
}

/** The one description that every surface draws; where it leaves something out, that can be had too. */
export function Description({ approval, rendering }: DescriptionProps) {
  if (!rendering) return <OlderDescription approval={approval} />
  return <Described {...{ approval, rendering }} />
}

function Described({ approval, rendering: sealed }: { readonly approval: Approval; readonly rendering: Rendering }) {
  const [whole, setWhole] = useState<Rendering | null>(null)
  const rendering = whole ?? sealed
  const { asks, binding, policy, steps, moved, amendments } = rendering
  return (
    <>
      <Flags flags={approval.flags} steps={steps.map(({ id }) => id)}>
        {leavesOut(approval.flags) && <ShowWhole id={approval.id} shown={whole !== null} onWhole={setWhole} />}
      </Flags>
      <section aria-labelledby="why">
        <h2 id="why">Why you are asked</h2>
        <p class="policy">{policy.says}</p>
        <Asks asks={asks} binding={binding} links={approval.links} />
      </section>
      {moved.length > 0 && (
        <section aria-labelledby="moved">
          <h2 id="moved">Changed since it was decided before</h2>
          <ChangesTable caption="What moved" changes={steps.length > 1 ? moved : moved.map(withoutStep)} />
        </section>
      )}
      {amendments.map((amendment, index) => (
        <section key={index} aria-label="Amended">
          <h2>
            Amended by <Name of={amendment.amended_by} />
          </h2>
          <p>
            Not what the agent asked for. Why: <ShownText shown={amendment.reason} />
          </p>
          <ChangesTable caption={`In ${amendment.step}`} changes={amendment.changes} />
        </section>
      ))}
      <section aria-labelledby="steps">
        <h2 id="steps">{steps.length === 1 ? 'What would be done' : `What would be done, in ${steps.length} steps`}</h2>
        {steps.map((step) => (
          <Step key={step.id} step={step} alone={steps.length === 1} />
        ))}
      </section>
      <DoneAlready rendering={rendering} />
      <Said said={rendering.said} />
      <WhatThen then={rendering.then} />
      <Limits bounds={rendering.bounds} budgets={approval.budgets} />
    </>
  )
}

function withoutStep({ step: _, ...change }: Rendering['moved'][number]) {
  return change
}

/** Requests that were sealed before there were descriptions have a plain text. */
function OlderDescription({ approval }: { readonly approval: Approval }) {
  return (
    <>
      <Flags flags={approval.flags} steps={[]} />
      <section aria-label="What would be done">
        <pre class="theirs">{approval.rendering}</pre>
      </section>
    </>
  )
}
