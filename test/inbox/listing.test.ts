import { expect, test } from 'vitest'
import { type Api, listAll } from '../../src/inbox/api/api.js'

/** A listing of pages, each with so many items. */
function pagesOf(sizes: readonly number[]): { readonly api: Api; readonly asked: () => number } {
  let asked = 0
  const get = async (path: string) => {
    asked += 1
    const at = Number(/cursor=(\d+)/.exec(path)?.[1] ?? 0)
    return { items: Array(sizes[at]).fill(at), next: at + 1 < sizes.length ? String(at + 1) : null }
  }
  return { api: { get, post: get, now: Date.now } as Api, asked: () => asked }
}

test('what waits behind much that others decide is listed', async () => {
  const { api } = pagesOf([0, 0, 0, 0, 0, 0, 0, 1])
  expect(await listAll(api, '/v1/approvals')).toEqual({ items: [7], more: false })
})

test('a listing says that there is more where it stops', async () => {
  const full = pagesOf(Array(9).fill(100))
  expect(await listAll(full.api, '/v1/approvals')).toMatchObject({ items: { length: 500 }, more: true })
  expect(full.asked()).toBe(5)
  expect(await listAll(pagesOf(Array(99).fill(0)).api, '/v1/approvals')).toEqual({ items: [], more: true })
})
