import type { ReconciliationView } from '../control-plane/read-reconciliation.js'
import type { ShadowRow } from '../ledger/queries/list-shadows.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

export function renderReconciliation({ workflows, resumptions, effects }: ReconciliationView, paint: Paint): string {
  const lines: string[] = []
  if (!workflows) lines.push(paint.dim('Open actions were not compared with running workflows yet.'))
  else {
    const { looked, resumed, started, looked_at, ended_at, run_id } = workflows
    const when = ended_at ? `until ${ended_at}` : `so far, ${looked_at}`
    lines.push(`${looked} open actions looked at ${when} (run ${run_id}): ${resumed} resumed, ${started} started.`)
  }
  const head = (text: string, row: number) => (row === 0 ? paint.dim(text) : text)
  if (resumptions.length > 0)
    lines.push(
      columns(
        [
          ['TAKEN UP', 'ACTION', 'FOUND', 'RUN'],
          ...resumptions.map(({ resumed_at, action_id, found, run_id }) => [resumed_at, action_id, found, run_id]),
        ],
        head,
      ),
    )
  if (effects.length > 0)
    lines.push(
      columns(
        [
          ['TOOL', 'LOOKED', 'SINCE', 'LISTED', 'SHADOWS', 'PROBLEM'],
          ...effects.map(({ tool, looked_at, since, listed, shadows, problem }) => [
            tool,
            looked_at,
            since,
            String(listed ?? '-'),
            String(shadows ?? '-'),
            problem ?? '-',
          ]),
        ],
        head,
      ),
    )
  return lines.join('\n\n')
}

export function renderShadows(shadows: readonly ShadowRow[], paint: Paint): string {
  if (shadows.length === 0) return paint.dim('No shadow effects.')
  const rows = shadows.map(({ id, kind, tool, effect_id, summary, action_id, acknowledged, found_at }) => [
    id,
    kind,
    tool,
    effect_id,
    found_at,
    action_id ?? '-',
    acknowledged ? `${acknowledged.by}: ${acknowledged.reason}` : '-',
    summary,
  ])
  return columns(
    [['ID', 'KIND', 'TOOL', 'EFFECT', 'FOUND', 'ACTION', 'ACKNOWLEDGED', 'SUMMARY'], ...rows],
    (text, row) => (row === 0 ? paint.dim(text) : text),
  )
}
