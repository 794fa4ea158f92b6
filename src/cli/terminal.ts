import type { Readable } from 'node:stream'

export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
}

/** Where a run of the CLI reads and writes. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
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
  return isAttended(env) && stream.isTTY === true
}

/** Whether somebody sits there who can see a moving line and answer a question. */
export function isInteractive({ env, stdin, stderr }: Terminal): boolean {
  return isAttended(env) && stdin.isTTY === true && stderr.isTTY === true
}

function isAttended(env: NodeJS.ProcessEnv): boolean {
  return !(env.CI && env.CI !== 'false') && env.TERM !== 'dumb'
}

export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
