const plain = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SYSTEMROOT']

const serverNames = [
  ...plain,
  'SHELL',
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]
const serverProxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
// Of the surface in Slack, which is the server's alone: whoever has them can write, and hear clicks, in its name.
const slackTokens = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']
const serverPrefixes = ['EXEQUATUR_', 'OTEL_', 'LC_']

// What belongs to whoever started the stack, and to nothing it starts.
const ownersOnly = ['DATABASE_URL', 'EXEQUATUR_TOKEN', 'EXEQUATUR_API']

/** What any program needs and no secret is in: for databases and the like. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return pick((name) => plain.includes(name))
}

/**
 * The environment of the server. It holds no credentials of the systems that tools change, so it gets only what is
 * known to be harmless and what is named `EXEQUATUR_*` or `OTEL_*`.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const names = [...serverNames, ...serverProxies, ...slackTokens, 'SLACK_API_URL', 'SLACK_TEAM']
  return pick((name) => names.includes(name) || serverPrefixes.some((prefix) => name.startsWith(prefix)))
}

/** The environment of the executor: everything, the tools' credentials included, but for the key that signs and the tokens of Slack. */
export function executorEnvironment(): NodeJS.ProcessEnv {
  return pick((name) => name !== 'EXEQUATUR_SIGNING_KEY_FILE' && !slackTokens.includes(name))
}

function pick(wanted: (name: string) => boolean): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => wanted(name) && !ownersOnly.includes(name))
  return Object.fromEntries(entries)
}
