import { z } from 'zod'
import { defineTool } from '../../src/contract/define-tool.js'
import type { Tool } from '../../src/contract/tool.js'

/** What the systems behind the watched tools hold. */
export interface Watched {
  status: string
  members: string[]
  /** What people may not care about. */
  note: string
  /** How many the next call touches, whatever it was told; as many as there are, if left out. */
  touches?: number | undefined
  /** What each call was told it may touch. */
  readonly told: (number | undefined)[]
}

export const watchedWorld = (): Watched => ({ status: 'active', members: ['a', 'b', 'c'], note: '', told: [] })

/** A read, and a write whose contract wants the read made again before each call. */
export function watchedTools(world: Watched): { readonly findSegment: Tool; readonly mailSegment: Tool } {
  const findSegment = defineTool({
    name: 'find_segment',
    version: 1,
    owner: 'person:ann',
    risk: 'low',
    effect: 'none',
    title: 'Look at a segment',
    description: 'Reads one segment of customers.',
    input: z.strictObject({ segment: z.string() }),
    output: z.strictObject({ status: z.string(), members: z.array(z.string()), note: z.string() }),
    resource: { type: 'Segment', id: '/args/segment' },
    downstream: { class: 'read' },
    execute: async () => ({ status: world.status, members: world.members, note: world.note }),
  })
  const mailSegment = defineTool({
    name: 'mail_segment',
    version: 1,
    owner: 'person:ann',
    approvers: ['finance'],
    risk: 'medium',
    effect: 'reversible',
    title: 'Mail a segment',
    description: 'Sends one mail to every customer of a segment.',
    input: z.strictObject({ segment: z.string(), about: z.string().optional() }),
    output: z.strictObject({ mailed: z.int() }),
    resource: { type: 'Segment', id: '/args/segment' },
    observe: { tool: 'find_segment', args: { segment: '/args/segment' } },
    fill: { about: '/observed/note' },
    preconditions: ['/observed/status'],
    touches: { observed: '/observed/members', output: '/output/mailed' },
    downstream: { class: 'idempotent-by-key', keyLifetime: '24h' },
    execute: async (_args, { atMost }) => {
      world.told.push(atMost)
      return { mailed: world.touches ?? world.members.length }
    },
    verify: async () => 'committed',
    compensate: async () => {},
  })
  return { findSegment, mailSegment }
}
