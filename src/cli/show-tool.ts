import type { ToolView } from '../control-plane/list-tools.js'
import type { JsonSchema, Range } from '../domain/contract.js'
import { isObject } from '../domain/json.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

export function renderTools(tools: readonly ToolView[], paint: Paint): string {
  if (tools.length === 0) return paint.dim('No tools: start an executor, which publishes its own (`exq executor`).')
  const rows = tools.map((tool) => [
    tool.name,
    `v${tool.version}`,
    tool.risk,
    tool.effect,
    tool.owner,
    tool.status,
    tool.title,
  ])
  return columns([['TOOL', 'VERSION', 'RISK', 'EFFECT', 'OWNER', 'STATUS', 'TITLE'], ...rows], (text, row) =>
    row === 0 ? paint.dim(text) : text,
  )
}

/** One contract, for whoever wants to use the tool. */
export function renderTool(tool: ToolView, paint: Paint): string {
  const facts: [string, string][] = [
    ['risk', `${tool.risk}, ${effects[tool.effect]}`],
    ['owner', tool.owner],
    ['approvers', tool.approvers.join(', ') || 'none'],
    ['binding', tool.binding.join(' or ') || 'none'],
    ['resource', `${tool.resource.type} ${tool.resource.id}`],
    ['downstream', `${tool.downstream.class}, ${tool.downstream.call_timeout_ms} ms a call`],
    ['pool', tool.pool],
    ['status', `${tool.status}${tool.note ? `: ${tool.note}` : ''}`],
    ['digest', tool.digest],
  ]
  if (tool.undo) facts.push(['undo', `${tool.undo.class}, ${tool.undo.call_timeout_ms} ms a call`])
  if (tool.spend) facts.push(['spend', `${tool.spend.amount_cents} in ${tool.spend.currency} cents`])
  if (tool.reads) facts.push(['reads', `what is ${tool.reads.join(' and ')}`])
  if (tool.sends) facts.push(['sends', tool.sends])
  for (const [group, { fields }] of Object.entries(tool.views ?? {}))
    facts.push(['seen by', `${group}: ${fields.join(', ')}`])
  if (tool.observe) facts.push(['observes', tool.observe.tool])
  if (tool.preconditions) facts.push(['looks again at', tool.preconditions.join(', ')])
  if (tool.touches) facts.push(['touches', `as many as ${tool.touches.observed} says`])
  return [
    `${paint.bold(`${tool.name} v${tool.version}`)}  ${tool.title}`,
    tool.description,
    '',
    paint.dim('Arguments'),
    renderFields(tool.input, tool),
    '',
    paint.dim('Returns'),
    renderFields(tool.output),
    '',
    columns(facts.map(([name, fact]) => [`  ${name}`, fact])),
  ].join('\n')
}

const effects = { none: 'changes nothing', reversible: 'can be undone', irreversible: 'cannot be undone' } as const

function renderFields(schema: JsonSchema, tool?: ToolView): string {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  const rows = Object.entries(properties).map(([name, field]) => {
    const notes = [required.includes(name) ? 'required' : 'optional']
    if (tool && name in tool.fill) notes.push(`filled from ${tool.fill[name]}`)
    if (tool?.late.includes(name)) notes.push(`an earlier step may give it${tellRange(tool.late_ranges?.[name])}`)
    return [`  ${name}`, typeOf(field), notes.join(', ')]
  })
  return columns(rows) || '  none'
}

function tellRange(range: Range | undefined): string {
  if (!range) return ''
  return `, unasked from ${range.minimum ?? 'any'} to ${range.maximum ?? 'any'}`
}

function typeOf(field: unknown): string {
  if (!isObject(field)) return 'any'
  if (Array.isArray(field.enum)) return field.enum.map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in field) return JSON.stringify(field.const)
  return typeof field.type === 'string' ? field.type : 'any'
}
