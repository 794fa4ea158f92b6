import type { ApprovalView } from '../../control-plane/approval-view.js'
import { byRiskAndAge } from '../../domain/by-risk-and-age.js'
import { type Risk, risks } from '../../domain/contract.js'
import type { Api } from '../api.js'
import { usageError } from '../cli-error.js'

export interface Waiting {
  readonly items: readonly ApprovalView[]
  /** Where a listing of no more than so many goes on. */
  readonly next: string | null
  /** More waits than is looked through: there may be something riskier among it. */
  readonly beyond: boolean
}

const enough = 500
const pageOf = 100
const mostPages = 20

/**
 * What waits for whoever asks, the riskiest first, then the oldest. The server lists by age: all of it is looked through,
 * or as much as can be, before it is put in order. Throws `EXQ-7007` for a cursor that no listing gave.
 */
export async function waitingFor(api: Api, limit: number, cursor?: string): Promise<Waiting> {
  const after = cursor === undefined ? null : placeOf(cursor)
  const { found, beyond } = await lookThrough(api)
  const ordered = after ? itemsAfter(found, after) : byRiskAndAge(found)
  const items = ordered.slice(0, limit)
  const last = items.at(-1)
  return { items, next: last && ordered.length > limit ? [last.risk, last.sealed_at, last.id].join('/') : null, beyond }
}

async function lookThrough(api: Api): Promise<{ readonly found: readonly ApprovalView[]; readonly beyond: boolean }> {
  const found: ApprovalView[] = []
  let cursor: string | undefined
  // A page holds what waits for anybody, less what others decide: it may be empty although more follow.
  for (let page = 0; page < mostPages && found.length < enough; page += 1) {
    const { items, next } = await api.listApprovals({ limit: pageOf, cursor })
    found.push(...items)
    if (next === null) return { found, beyond: false }
    cursor = next
  }
  return { found, beyond: true }
}

type Place = Pick<ApprovalView, 'risk' | 'sealed_at' | 'id'>

/** What was last listed may be decided by now: what comes after its place goes on all the same. */
function itemsAfter(found: readonly ApprovalView[], place: Place): ApprovalView[] {
  const ordered = byRiskAndAge<Place>([...found, place])
  return ordered.slice(ordered.indexOf(place) + 1) as ApprovalView[]
}

function placeOf(cursor: string): Place {
  const [risk = '', sealed_at = '', id, ...rest] = cursor.split('/')
  if (!isRisk(risk) || Number.isNaN(Date.parse(sealed_at)) || !id || rest.length > 0)
    throw usageError('--cursor takes the `next` of a listing', 'exq inbox')
  return { risk, sealed_at, id }
}

function isRisk(text: string): text is Risk {
  return risks.some((risk) => risk === text)
}
