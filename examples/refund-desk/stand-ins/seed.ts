/** Thrown for a seed that does not have the expected form. */
export class UnusableSeed extends Error {}

/** One object of a seed, read field by field; each reading names the field when it does not fit. */
export class SeedObject {
  readonly #fields: Record<string, unknown>

  constructor(
    value: unknown,
    readonly where: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UnusableSeed(`${where}: no object`)
    this.#fields = value as Record<string, unknown>
  }

  text(name: string, fallback?: string): string {
    const value = this.#fields[name] ?? fallback
    if (typeof value !== 'string' || value === '') throw new UnusableSeed(`${this.where}.${name}: text expected`)
    return value
  }

  optionalText(name: string): string | null {
    return this.#fields[name] === undefined || this.#fields[name] === null ? null : this.text(name)
  }

  count(name: string, fallback?: number): number {
    const value = this.#fields[name] ?? fallback
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new UnusableSeed(`${this.where}.${name}: whole number expected`)
    }
    return value
  }

  texts(name: string): string[] {
    const value = this.#fields[name] ?? []
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
      throw new UnusableSeed(`${this.where}.${name}: list of texts expected`)
    }
    return value as string[]
  }

  textMap(name: string): Record<string, string> {
    const value = this.#fields[name] ?? {}
    if (typeof value !== 'object' || Object.values(value).some((item) => typeof item !== 'string')) {
      throw new UnusableSeed(`${this.where}.${name}: map of texts expected`)
    }
    return value as Record<string, string>
  }
}

/** The lists of a seed by name, `{invoices: [...], customers: [...]}`; other names are refused. */
export function readSeedLists<Name extends string>(body: unknown, names: readonly Name[]): Record<Name, SeedObject[]> {
  const root = new SeedObject(body, 'seed')
  const given = body as Record<string, unknown>
  const unknown = Object.keys(given).find((name) => !names.includes(name as Name))
  if (unknown !== undefined) throw new UnusableSeed(`${root.where}.${unknown}: not one of ${names.join(', ')}`)
  const lists = names.map((name) => {
    const list = given[name] ?? []
    if (!Array.isArray(list)) throw new UnusableSeed(`seed.${name}: list expected`)
    return [name, list.map((item, index) => new SeedObject(item, `seed.${name}[${index}]`))]
  })
  return Object.fromEntries(lists) as Record<Name, SeedObject[]>
}
