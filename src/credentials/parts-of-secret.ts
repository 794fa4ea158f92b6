/** A secret, and the parts of it that are secrets by themselves: the password of a connection string, for one. */
export function partsOfSecret(secret: string): string[] {
  const lines = secret.split(/\r?\n/)
  return [
    secret,
    secret.trim(),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= shortestLine) : []),
    ...passwordsIn(secret),
    ...tokenParts(secret),
    ...secretFields(secret),
  ]
}

/** Of a key in PEM the lines are secret, one by one. */
const shortestLine = 24

/** `scheme://user:password@host`, and `host=... password=...`. */
function passwordsIn(secret: string): string[] {
  const [, inUrl] = /^[a-z][a-z0-9+.-]*:\/\/[^:@/]*:(.+)@[^@]*$/i.exec(secret) ?? []
  const [, inPairs] = /\bpassword\s*=\s*'?([^'\s&;]+)/i.exec(secret) ?? []
  return [inUrl, inPairs].flatMap((password) => (password === undefined ? [] : [password, decoded(password)]))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Claims and signature of a JWT: its header is the same for all. */
function tokenParts(secret: string): string[] {
  const parts = /^[\w-]+\.([\w-]{16,})\.([\w-]{16,})$/.exec(secret)
  return parts ? parts.slice(1) : []
}

/** Fields of a secret in JSON, such as the file of a service account, that are secret by their name. */
function secretFields(secret: string): string[] {
  if (!secret.trimStart().startsWith('{')) return []
  const fields: string[] = []
  try {
    JSON.parse(secret, (name, value) => {
      if (typeof value === 'string' && /secret|password|token|private_?key$/i.test(name)) fields.push(value)
    })
  } catch {
    // Not JSON after all.
  }
  return fields.flatMap((field) => [field, ...field.split('\n').filter((line) => line.length >= shortestLine)])
}
