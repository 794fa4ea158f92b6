import { z } from 'zod'

export const meShape = z
  .object({
    tenant: z.string(),
    principal: z.string(),
    name: z.string().meta({ description: 'The principal without its kind' }),
    groups: z.array(z.string()).readonly(),
    account: z.string().meta({ description: 'How you came in: a token, or an identity of an issuer' }),
    surface: z.enum(['inbox', 'token']),
    csrf: z.string().nullable().meta({
      description: 'With a sign-in: for the header x-exequatur-csrf, on everything but GET',
    }),
    passkeys: z.int(),
    keeps_stops: z.boolean().meta({ description: 'You may stop everything in the tenant, and resume' }),
    signs_in_until: z.string().nullable().meta({ description: 'The end of the sign-in', format: 'date-time' }),
  })
  .meta({ id: 'Me' })

export const signInLinkShape = z
  .object({
    url: z.string().meta({ description: 'To be opened in a browser, by nobody else' }),
    expires_at: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'SignInLink' })
