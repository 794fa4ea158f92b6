import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that is told apart from a later one with the same pid by the moment it started. */
export type ProcessMark = { readonly pid: number; readonly started: string }

/** The mark of a living process, or undefined when there is none with that pid. */
export function markProcess(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return markProcess(process.pid) ?? { pid: process.pid, started: 'unknown' }
}

/** Whether the very process that was marked still lives. */
export function isRunning(mark: ProcessMark): boolean {
  return markProcess(mark.pid)?.started === mark.started
}

/** Whether the two marks are one process. */
export function isSameProcess(one: ProcessMark, other: ProcessMark): boolean {
  return one.pid === other.pid && one.started === other.started
}

/** Sends the signals one after the other, each with its time in milliseconds to end; true once the process is gone. */
export async function endProcess(mark: ProcessMark, signals: readonly [NodeJS.Signals, number][]): Promise<boolean> {
  for (const [signal, grace] of signals) {
    if (!isRunning(mark)) return true
    sendSignal(mark.pid, signal)
    const deadline = Date.now() + grace
    while (isRunning(mark) && Date.now() < deadline) await sleep(20)
  }
  return !isRunning(mark)
}

/** Sends a signal; a process that is already gone is fine. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

// Field 22 of /proc/<pid>/stat, counted after the name, which may itself hold spaces. A zombie (state Z) has ended.
function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startedByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() || undefined
}
