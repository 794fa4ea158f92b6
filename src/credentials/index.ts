export { oauthClientCredentials } from './oauth-client-credentials.js'
export { type PostgresRoleOptions, postgresRole } from './postgres-role.js'
export { type TokenExchangeOptions, tokenExchange } from './token-exchange.js'
export type { OAuthOptions } from './token-request.js'
