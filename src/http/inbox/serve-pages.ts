import type { FastifyInstance, FastifyReply } from 'fastify'
import { ExequaturError } from '../../domain/errors.js'
import { policyOfPages } from '../secure-headers.js'
import type { PageFiles } from './page-files.js'

const cacheControl = { immutable: 'public, max-age=31536000, immutable', 'no-store': 'no-store' } as const

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Exequatur</title>
<h1>The inbox was not built</h1>
<p>The server runs, and its API answers. To have the inbox too, run <code>npm run build</code> where the server was
installed from, and start the server again. Until then decide on the command line: <code>exq inbox</code>.</p>
</html>
`

/** Serves the pages of the inbox: a file by its name, and the one page for every other path. */
export function servePages(app: FastifyInstance, files: PageFiles): void {
  const serve = (path: string, reply: FastifyReply) => {
    reply.header('content-security-policy', policyOfPages)
    if (!files) return reply.code(503).type('text/html; charset=utf-8').send(notBuilt)
    const isPage = !path.split('/').at(-1)?.includes('.')
    const file = files.get(isPage ? 'index.html' : path)
    if (!file) throw new ExequaturError('EXQ-1005', 'GET /inbox')
    return reply.header('cache-control', cacheControl[file.cache]).type(file.type).send(file.bytes)
  }
  app.get('/inbox', { schema: { hide: true } }, (_request, reply) => serve('', reply))
  app.get<{ Params: { readonly '*': string } }>('/inbox/*', { schema: { hide: true } }, ({ params }, reply) =>
    serve(params['*'], reply),
  )
}
