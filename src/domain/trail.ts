import type { Outcome } from './lifecycle.js'

/** What a workflow returns. */
export interface ActionResult {
  readonly outcome: Outcome
  readonly explanation: string
}

/** The story so far, in Markdown, as the Temporal UI shows it. */
export interface Story {
  readonly goal: string
  readonly lines: readonly string[]
}

export function tellStory(story: Story): string {
  return [`**${inert(story.goal)}**`, '', ...story.lines.map((line) => `- ${inert(line)}`)].join('\n')
}

/** Text from outside may not become markup. */
function inert(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s+/g, ' ')
}
