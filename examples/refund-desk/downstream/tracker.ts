import { notCommitted, type ToolCall } from 'exequatur'

const requestTimeoutMs = 5_000

/** A ticket to open. `label` is how it is found again: Jira has no idempotency keys. */
export interface NewTicket {
  readonly project: string
  readonly summary: string
  readonly paragraphs: readonly string[]
  readonly label: string
}

/** Jira Cloud at TRACKER_URL, for one call: with its credentials and its deadline. */
export function tracker(call: ToolCall) {
  return {
    /** Opens a ticket; resolves to its key. */
    open: async (ticket: NewTicket): Promise<string> => {
      const answer = await ask(call, 'POST', '/issue', { fields: fieldsOf(ticket) })
      if (answer.status === 201) return String(answer.body.key)
      throw new Unexpected(answer)
    },
    /** The key of the ticket with a label; null if search knows of none. */
    find: async (project: string, label: string): Promise<string | null> => {
      const jql = `project = "${project}" AND labels = "${label}" ORDER BY created ASC`
      const answer = await ask(call, 'POST', '/search/jql', { jql, fields: ['labels'], maxResults: 1 })
      if (answer.status !== 200) throw new Unexpected(answer)
      const [first] = answer.body.issues as { key: string }[]
      return first?.key ?? null
    },
    /** The summary of a ticket; null if there is none of that key. */
    summaryOf: async (key: string): Promise<string | null> => {
      const answer = await ask(call, 'GET', `/issue/${encodeURIComponent(key)}?fields=summary`)
      if (answer.status === 404) return null
      if (answer.status !== 200) throw new Unexpected(answer)
      return String((answer.body.fields as { readonly summary?: unknown } | undefined)?.summary ?? '')
    },
    /** Deletes a ticket; one that is gone already is fine. */
    remove: async (key: string): Promise<void> => {
      const answer = await ask(call, 'DELETE', `/issue/${encodeURIComponent(key)}`)
      if (answer.status === 204 || answer.status === 404) return
      throw new Unexpected(answer)
    },
  }
}

/** What Jira answered in place of what was wanted; what its status means is for the contract to say. */
class Unexpected extends Error {
  readonly status: number

  constructor(answer: Answer) {
    super(tell(answer))
    this.status = answer.status
  }
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(call: ToolCall, method: string, path: string, body?: object): Promise<Answer> {
  const base = process.env.TRACKER_URL
  if (!base) throw notCommitted('TRACKER_URL is not set')
  const { tracker_email, tracker_token } = call.credentials
  const response = await fetch(`${base.replace(/\/$/, '')}/rest/api/3${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${tracker_email}:${tracker_token}`).toString('base64')}`,
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(requestTimeoutMs)]),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

function fieldsOf({ project, summary, paragraphs, label }: NewTicket): object {
  return {
    project: { key: project },
    issuetype: { name: 'Task' },
    summary,
    labels: [label],
    ...(paragraphs.length > 0 && {
      description: {
        type: 'doc',
        version: 1,
        content: paragraphs.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
      },
    }),
  }
}

/** Jira's answer in words: general messages, and messages by field. */
function tell({ status, body }: Answer): string {
  const byField = Object.entries((body.errors ?? {}) as Record<string, string>)
  const messages = [...((body.errorMessages ?? []) as string[]), ...byField.map(([field, text]) => `${field}: ${text}`)]
  return `Jira answered ${status}: ${messages.join(' ')}`
}
