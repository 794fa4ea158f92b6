import type { Pool } from '../../src/ledger/pool.js'

type Asked = { readonly text?: string } | string

/**
 * The pool, but something happens right before the first statement whose text matches: what an attacker hopes to do in
 * the gap between a look at the facts and the act.
 */
export function interpose(pool: Pool, before: RegExp, happens: () => Promise<unknown>): Pool {
  let done = false
  const gap = async (asked: Asked) => {
    const text = typeof asked === 'string' ? asked : (asked.text ?? '')
    if (done || !before.test(text)) return
    done = true
    await happens()
  }
  const wrap = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(of, key) {
        const value = Reflect.get(of, key, of) as unknown
        if (typeof value !== 'function') return value
        if (key === 'query')
          return async (...args: [Asked]) => {
            await gap(args[0])
            return value.apply(of, args)
          }
        if (key === 'connect') return async () => wrap((await value.apply(of)) as object)
        return value.bind(of)
      },
    })
  return wrap(pool)
}
