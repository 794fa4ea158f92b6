import { useState } from 'preact/hooks'
import type { Stop } from '../../domain/stop.js'
import type { Agent, Tool } from '../api/views.js'
import { ResumeDialog, StopDialog } from '../decide/stop-dialogs.js'
import { type Heard, useAnswer } from '../live/use-answer.js'
import { AgentList } from '../parts/agent-list.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { StopList } from '../parts/stop-list.js'
import { ToolList } from '../parts/tool-list.js'
import { useSession } from '../session.js'

interface Glance {
  readonly agents: readonly Agent[]
  readonly tools: readonly Tool[]
  readonly stops: readonly Stop[]
}

/** Agents, tools and stops at a glance, with the button that stops. */
export function AgentsScreen() {
  const { me } = useSession()
  const { answer, problem, again } = useGlance()
  const [stopping, setStopping] = useState<string | null>(null)
  const [resuming, setResuming] = useState<string | null>(null)
  const close = () => {
    setStopping(null)
    setResuming(null)
  }
  const done = async () => {
    close()
    await again()
  }
  return (
    <>
      <Heading title="Agents, tools and stops" />
      {problem && <ProblemNote problem={problem} />}
      {answer && (
        <>
          <StopList stops={answer.stops} keeps={me.keeps_stops} onResume={setResuming} onStop={setStopping} />
          <AgentList agents={answer.agents} onStop={setStopping} />
          <ToolList tools={answer.tools} stops={answer.stops} onStop={setStopping} />
        </>
      )}
      {stopping && <StopDialog scope={stopping} onClose={close} onDone={done} />}
      {resuming && <ResumeDialog scope={resuming} onClose={close} onDone={done} />}
    </>
  )
}

function useGlance(): Heard<Glance> {
  const { api } = useSession()
  return useAnswer(
    async (signal) => {
      const [agents, tools, stops] = await Promise.all([
        api.get<{ items: readonly Agent[] }>('/v1/principals?kind=agent', signal),
        api.get<{ items: readonly Tool[] }>('/v1/tools', signal),
        api.get<{ items: readonly Stop[] }>('/v1/stops', signal),
      ])
      return { agents: agents.items, tools: tools.items, stops: stops.items }
    },
    ['stops'],
    'glance',
  )
}
