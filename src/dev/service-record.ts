import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRunning, isSameProcess, ownMark, type ProcessMark } from './processes.js'

/** What one start leaves for the next: which process serves, for whom, and where. Kept as JSON in the home folder. */
export type ServiceRecord<Where> = {
  readonly service: ProcessMark
  /** The stack that started or took over the service. Only it may end the service. */
  readonly owner: ProcessMark
  readonly where: Where
}

/** The record as it was left, or undefined when there is none that can be read. */
export function readRecord<Where>(file: string): ServiceRecord<Where> | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<ServiceRecord<Where>>
    if (record.service === undefined || record.owner === undefined || record.where === undefined) return undefined
    return { service: record.service, owner: record.owner, where: record.where }
  } catch {
    return undefined
  }
}

/** Writes the record whole or not at all. */
export function writeRecord<Where>(file: string, record: ServiceRecord<Where>): void {
  mkdirSync(dirname(file), { recursive: true })
  const next = `${file}.${process.pid}`
  writeFileSync(next, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  renameSync(next, file)
}

/** Whether another living process owns the service, which then must not be ended from here. */
export function isOwnedByAnother(record: ServiceRecord<unknown>): boolean {
  return !isSameProcess(record.owner, ownMark()) && isRunning(record.owner)
}
