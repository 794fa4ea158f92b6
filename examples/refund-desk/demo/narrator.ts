import pc from 'picocolors'

/** Tells the demo's story, and stops it when something told is not so. */
export interface Narrator {
  scene(title: string): void
  note(text: string): void
  /** Says that something is so, or fails the demo. */
  shows(holds: boolean, text: string): void
}

export function createNarrator(write: (line: string) => void): Narrator {
  let scenes = 0
  return {
    scene: (title) => {
      scenes += 1
      write(`\n${pc.bold(pc.cyan(`${scenes}. ${title}`))}`)
    },
    note: (text) => write(pc.dim(`   ${text}`)),
    shows: (holds, text) => {
      write(`   ${holds ? pc.green('ok') : pc.red('NO')} ${text}`)
      if (!holds) throw new Error(`the demo shows something else: ${text}`)
    },
  }
}
