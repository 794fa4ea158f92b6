/** Thrown by a tool that is certain that its call changed nothing. Known by its name, so that it survives copies of the module. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted'
}

/** `throw notCommitted('the card was declined')`: a definite no. Any other error leaves the outcome unknown. */
export function notCommitted(reason: string, options?: ErrorOptions): NotCommitted {
  return new NotCommitted(reason, options)
}

export function isNotCommitted(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotCommitted'
}
