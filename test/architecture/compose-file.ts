import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package-root.js'

export interface Service {
  readonly image: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
}

export const composeText = readFileSync(new URL('docker-compose.yml', packageRoot), 'utf8')
export const dockerfile = readFileSync(new URL('Dockerfile', packageRoot), 'utf8')

const parsed = parse(withDefaults(composeText), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
}

export const services = Object.entries(parsed.services)

export function service(name: string): Service {
  const found = parsed.services[name]
  if (!found) throw new Error(`there is no service ${name}`)
  return found
}

export function environment(name: string): Readonly<Record<string, string>> {
  return service(name).environment ?? {}
}

/** What an environment that sets nothing gives. */
function withDefaults(text: string): string {
  return text.replace(/\$\{\w+:-([^}]*)\}/g, '$1')
}
