import type { Readable } from 'node:stream'

export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Of a terminal. */
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** Where a run of the CLI reads and writes. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined; setRawMode?(raw: boolean): unknown }
  readonly stdout: TextStream
  readonly stderr: TextStream
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process
  return { env, cwd: process.cwd(), stdin, stdout, stderr }
}

/** Whether to colour what goes to a stream. */
export function hasColor({ env }: Pick<Terminal, 'env'>, stream: TextStream): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return isRedrawable({ env }, stream)
}

/** Whether somebody sits there who can see a moving line and answer a question. */
export function isInteractive({ env, stdin, stderr }: Terminal): boolean {
  return isAttended(env) && stdin.isTTY === true && stderr.isTTY === true
}

/** Whether lines on a stream can be drawn anew in their place. */
export function isRedrawable({ env }: Pick<Terminal, 'env'>, stream: TextStream): boolean {
  return isAttended(env) && stream.isTTY === true
}

/** How many columns there are to write in: of a terminal its own, else COLUMNS, else 80. */
export function widthOf({ env }: Pick<Terminal, 'env'>, stream: TextStream): number {
  const columns = stream.columns || Number(env.COLUMNS) || 80
  return Math.max(20, Math.floor(columns))
}

function isAttended(env: NodeJS.ProcessEnv): boolean {
  return !(env.CI && env.CI !== 'false') && env.TERM !== 'dumb'
}

export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
