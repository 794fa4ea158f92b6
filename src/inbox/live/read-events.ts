/** One event of a stream of server-sent events; a comment has no data. */
export interface StreamEvent {
  readonly event: string
  readonly data: string | null
}

/** Cuts a stream of server-sent events into events; gives each block, heartbeats too, as soon as it is whole. */
export function eventParser(give: (event: StreamEvent) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    // A line may end with both characters, and a piece between them.
    rest = (rest + chunk).replaceAll('\r\n', '\n')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) give(eventOf(block))
  }
}

function eventOf(block: string): StreamEvent {
  const fields = block.split('\n').map((line) => {
    const at = line.indexOf(':')
    return at < 0 ? ([line, ''] as const) : ([line.slice(0, at), line.slice(at + 1).replace(/^ /, '')] as const)
  })
  const data = fields.filter(([name]) => name === 'data').map(([, value]) => value)
  return {
    event: fields.find(([name]) => name === 'event')?.[1] ?? 'message',
    data: data.length === 0 ? null : data.join('\n'),
  }
}
