import type { Db } from '../pool.js'

/** A change of the set in force, as it is recorded. */
export interface NewPolicyChange {
  readonly tenant: string
  readonly change_id: string
  /** The set it changes. */
  readonly base_revision: number
  readonly base_digest: string
  /** Of the set it leads to. */
  readonly digest: string
  readonly policies: Readonly<Record<string, string>>
  readonly authors: Readonly<Record<string, string>>
  readonly author: string
  readonly note: string
  readonly loosens: boolean
  readonly reasons: readonly string[]
  /** How many people of `group_name` have to agree. */
  readonly people: number
  readonly group_name: string
}

/** Records a change of policies, once. It has no effect by itself. */
export async function recordPolicyChange(db: Db, change: NewPolicyChange): Promise<void> {
  await db.of(change.tenant).query(
    `insert into policy_changes (tenant, change_id, base_revision, base_digest, digest, policies, authors, author, note,
       loosens, reasons, people, group_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict do nothing`,
    [
      change.tenant,
      change.change_id,
      change.base_revision,
      change.base_digest,
      change.digest,
      JSON.stringify(change.policies),
      JSON.stringify(change.authors),
      change.author,
      change.note,
      change.loosens,
      change.reasons,
      change.people,
      change.group_name,
    ],
  )
}
