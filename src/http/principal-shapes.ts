import { z } from 'zod'
import { principalKinds } from '../domain/principal.js'
import { stopShape } from './schemas.js'

export const principalKind = z.enum(principalKinds)

export const principalShape = z
  .object({
    principal: z.string(),
    name: z.string().meta({ description: 'The principal without its kind' }),
    kind: principalKind,
    owner: z.string().nullable().meta({ description: 'The person who answers for it' }),
    state: z.enum(['live', 'suspended', 'revoked', 'decommissioned']),
    stopped: stopShape.nullable().meta({ description: 'What holds back all that it asks for' }),
  })
  .meta({ id: 'Principal' })
