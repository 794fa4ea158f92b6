const lengths = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** `3 h 12 min`: the two greatest units; never less than `0 s`. */
export function tellDuration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1_000))
  const parts: string[] = []
  for (const [unit, seconds] of lengths) {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    if (count > 0 || parts.length > 0) parts.push(count === 0 ? '' : `${count} ${unit}`)
  }
  return parts.slice(0, 2).filter(Boolean).join(' ') || '0 s'
}

/** `3 h`: the greatest unit. */
export function tellRoughly(ms: number): string {
  return tellDuration(ms).split(' ').slice(0, 2).join(' ')
}

export function tellAge(ms: number): string {
  return ms < 60_000 ? 'just now' : `${tellRoughly(ms)} ago`
}

/** A moment as people here write it, with the offset, so that nobody takes it for another time zone. */
export function tellMoment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
}

/** `person:ann` is `ann`, `agent:ann` is `the agent ann`. */
export function tellPrincipal(principal: string): string {
  const { kind, name } = readPrincipal(principal)
  return kind === '' ? name : `the ${kind} ${name}`
}

/** A principal in two parts, as there may be a person and an agent of one name. `kind` is empty for people. */
export function readPrincipal(principal: string): { readonly kind: string; readonly name: string } {
  const [, kind = '', name = principal] = /^(person|agent|service):(.*)$/s.exec(principal) ?? []
  return { kind: kind === 'person' ? '' : kind, name }
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

const ways: Readonly<Record<string, string>> = {
  slack: 'in Slack',
  inbox: 'in the inbox',
  cli: 'on the command line',
  http: 'over the API',
  key: 'with a key of their own',
  passkey: 'with a passkey',
}

/** How a vote came in. */
export function tellMethod(method: string): string {
  return ways[method] ?? method
}

/** `agent:desk` is `the agent desk`. */
export function tellScope(scope: string): string {
  if (scope === 'tenant') return 'everything here'
  if (scope === 'all') return 'everything everywhere'
  const [kind, ...name] = scope.split(':')
  return kind === 'owner' ? `the agents of ${name.at(-1)}` : `the ${kind} ${name.join(':')}`
}

/** `Can be undone`: words of ours, at the beginning of a line. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}
