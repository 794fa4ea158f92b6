/** Thrown by a credential source that knows why there is no lease. Known by its name, so that it survives copies of the module. */
export class LeaseRefused extends Error {
  override readonly name = 'LeaseRefused'
}

/** `throw leaseRefused('the token endpoint answered 401')`. The reason is recorded: never put a provider's own text into it. */
export function leaseRefused(reason: string): LeaseRefused {
  return new LeaseRefused(reason)
}

export function isLeaseRefused(error: unknown): error is Error {
  return error instanceof Error && error.name === 'LeaseRefused'
}
