/** One setting read from the environment. `docs/CONFIG.md` is made from this table. */
export interface Setting {
  readonly meaning: string
  readonly default?: string
  /** Processes that read it. */
  readonly by: readonly ('server' | 'executor' | 'cli' | 'dev')[]
  readonly required?: boolean
}

/** Every environment variable Exequatur reads. */
export const settings = {
  EXEQUATUR_HOME: {
    meaning: 'Folder of the embedded stack: data, keys, logs, dev.json.',
    default: '.exequatur',
    by: ['cli', 'dev'],
  },
  EXEQUATUR_CONFIG: {
    meaning: 'The configuration file of the deployment.',
    default: 'exequatur.config.ts',
    by: ['server', 'executor', 'cli', 'dev'],
  },
  DATABASE_URL: {
    meaning:
      'Postgres, as the login of this process; `exq migrate` needs an owner. The embedded stack starts its own where it is not set.',
    by: ['server', 'executor', 'cli', 'dev'],
    required: true,
  },
  EXEQUATUR_TEMPORAL_ADDRESS: {
    meaning: 'Temporal frontend, host:port. The embedded stack starts its own where it is not set.',
    default: '127.0.0.1:7233',
    by: ['server', 'executor', 'dev'],
  },
  EXEQUATUR_TEMPORAL_NAMESPACE: {
    meaning: 'Temporal namespace.',
    default: 'default',
    by: ['server', 'executor', 'dev'],
  },
  EXEQUATUR_TEMPORAL_API_KEY: { meaning: 'API key, for Temporal Cloud; switches TLS on.', by: ['server', 'executor'] },
  EXEQUATUR_TEMPORAL_UI: { meaning: 'Address of the Temporal UI, for links.', by: ['server'] },
  EXEQUATUR_HOST: { meaning: 'Address the server listens on.', default: '127.0.0.1', by: ['server'] },
  EXEQUATUR_PORT: {
    meaning: 'Port the server listens on; 0 takes a free one.',
    default: '7400',
    by: ['server', 'dev'],
  },
  EXEQUATUR_PUBLIC_URL: {
    meaning:
      'Where people reach the server in a browser, as https://exequatur.example; `http://localhost:<port>` if left out. Links, sign-ins and passkeys are for this address alone.',
    by: ['server', 'dev'],
  },
  EXEQUATUR_SIGNING_KEY_FILE: {
    meaning: 'Ed25519 private key (PEM) that the server signs votes with.',
    by: ['server'],
    required: true,
  },
  EXEQUATUR_VERIFY_KEY_FILE: {
    meaning: 'Its public key (PEM), that executors check votes with.',
    by: ['executor'],
    required: true,
  },
  EXEQUATUR_POOL: { meaning: 'The pool whose tools this executor runs.', default: 'default', by: ['executor'] },
  EXEQUATUR_LOG_LEVEL: {
    meaning: 'trace, debug, info, warn, error or silent.',
    default: 'info',
    by: ['server', 'executor'],
  },
  EXEQUATUR_API: { meaning: 'Address of the server; else the one in dev.json.', by: ['cli'] },
  EXEQUATUR_TOKEN: { meaning: 'Bearer token of an agent or a person.', by: ['cli'] },
  EXEQUATUR_PARENT_WATCH: {
    meaning: '1: end when standard input closes, so that no child outlives the embedded stack.',
    by: ['server', 'executor'],
  },
  EXEQUATUR_CRASH_AT: {
    meaning:
      'Tests of Exequatur only, with NODE_ENV=test: the point at which the process kills itself. Else it does not start.',
    by: ['server', 'executor'],
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings

/** The environment, read once; unset settings take their defaults. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): Readonly<Partial<Record<SettingName, string>>> {
  const values: Partial<Record<SettingName, string>> = {}
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    const value = env[name] || setting.default
    if (value) values[name] = value
  }
  return values
}
