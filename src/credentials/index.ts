export { type PostgresRoleOptions, postgresRole } from './postgres-role.js'
