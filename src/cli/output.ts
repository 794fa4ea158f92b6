import pc from 'picocolors'
import { printable } from '../domain/printable.js'
import type { ShownError } from './cli-error.js'
import { inert, inertJson } from './inert.js'
import { createProgress } from './progress.js'
import { hasColor, type Terminal } from './terminal.js'

export type Paint = ReturnType<typeof pc.createColors>

/** Data goes to standard output, talk to standard error. */
export interface Output {
  readonly json: boolean
  /** For what is drawn on standard output. */
  readonly paint: Paint
  /** Writes data: as text for people, made of an inert copy, or as JSON, whole. */
  show<T>(value: T, render: (value: T, paint: Paint) => string): void
  /** Writes one of several pieces of data; with JSON, on a line of its own. */
  showEach<T>(value: T, render: (value: T, paint: Paint) => string): void
  /** Writes talk; with JSON nothing, as standard error then holds an error or nothing. The caller makes the text inert. */
  say(text: string | ((paint: Paint) => string)): void
  /** Says what is waited for, should it take long; null ends that. */
  status(text: string | null): void
  /** The same while something is waited for, unless something is already. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>
  error(error: ShownError): void
}

export function createOutput(terminal: Terminal, json: boolean): Output {
  const { stdout, stderr } = terminal
  const paint = { out: pc.createColors(hasColor(terminal, stdout)), err: pc.createColors(hasColor(terminal, stderr)) }
  const progress = createProgress(terminal, paint.err.dim)
  const status = (text: string | null) => {
    if (text === null) progress.done()
    else if (!json) progress.waitFor(text)
  }
  const write = <T>(value: T, render: (value: T, paint: Paint) => string, indent?: number) => {
    status(null)
    stdout.write(`${json ? inertJson(value, indent) : render(inert(value), paint.out)}\n`)
  }
  return {
    json,
    paint: paint.out,
    status,
    during: async (what, work) => {
      if (progress.busy) return work()
      status(what)
      try {
        return await work()
      } finally {
        progress.done()
      }
    },
    show: (value, render) => write(value, render, 2),
    showEach: (value, render) => write(value, render),
    say: (text) => {
      if (json) return
      status(null)
      stderr.write(`${typeof text === 'string' ? text : text(paint.err)}\n`)
    },
    error: (error) => {
      status(null)
      stderr.write(
        json
          ? `${inertJson({ type: `urn:exequatur:error:${error.code}`, ...error }, 2)}\n`
          : renderError(error, paint.err),
      )
    },
  }
}

function renderError({ code, title, detail, remedy, errors }: ShownError, paint: Paint): string {
  const all = errors.filter(({ message }) => !detail.includes(message))
  return [
    `${paint.red(paint.bold(printable(code)))} ${printable(title)}${detail ? `: ${oneLine(detail)}` : ''}`,
    ...all.map(({ pointer, message }) => `  ${oneLine(pointer)}: ${oneLine(message)}`),
    `${paint.dim('Next:')} ${oneLine(remedy)}`,
    '',
  ].join('\n')
}

function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' ').trim())
}
