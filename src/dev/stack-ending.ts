// What uses something ends before what it uses.
const order = ['server', 'executor', 'temporal', 'postgres', 'lock'] as const

type Part = (typeof order)[number]

/** Collects how to end each part that has been started, and ends them in order, once, however often it is asked. */
export class StackEnding {
  private readonly ends = new Map<Part, () => Promise<void> | void>()
  private running: Promise<void> | undefined

  add(part: Part, end: () => Promise<void> | void): void {
    this.ends.set(part, end)
  }

  /** Ends everything; a part that does not end keeps no other from ending, and is reported at last. */
  run(): Promise<void> {
    this.running ??= this.endAll()
    return this.running
  }

  private async endAll(): Promise<void> {
    const problems: unknown[] = []
    for (const part of order) {
      try {
        await this.ends.get(part)?.()
      } catch (error) {
        problems.push(error)
      }
    }
    if (problems.length > 0)
      throw problems.length === 1 ? problems[0] : new AggregateError(problems, problems.join('\n'))
  }
}
