/** Asks whoever sits there, on standard error. Anything but a yes is a no. */
export async function confirm(message: string): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  return (await prompts.confirm({ message, initialValue: false, output: process.stderr })) === true
}
