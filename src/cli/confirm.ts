/** Asks whoever sits there, on standard error. Anything but a yes is a no. */
export async function confirm(message: string): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  return (await prompts.confirm({ message, initialValue: false, output: process.stderr })) === true
}

/** Asks whoever sits there to type something; null for nothing, or Ctrl-C. */
export async function ask(message: string): Promise<string | null> {
  const prompts = await import('@clack/prompts')
  const answer = await prompts.text({ message, output: process.stderr })
  return typeof answer === 'string' && answer.trim() !== '' ? answer.trim() : null
}
