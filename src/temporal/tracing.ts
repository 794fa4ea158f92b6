import type { InjectedSinks } from '@temporalio/worker'

/** Where workflow spans go. Nowhere yet: the interceptors are in every history from the start, an exporter can be added later. */
export const tracingSinks: InjectedSinks<{ exporter: { export(span: unknown): void } }> = {
  exporter: { export: { fn: () => undefined, callDuringReplay: false } },
}
