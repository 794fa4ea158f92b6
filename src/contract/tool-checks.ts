import type { JsonObject } from '../domain/json.js'

/** How often the downstream shows that something was done, and how often it was taken back again. */
export interface EffectCount {
  readonly made: number
  readonly undone?: number
}

/** The downstream of a tool in a check: a test system, with a way to look at it that does not go through the tool. */
export interface World {
  /** Environment of the tool: where its downstream is, and what its `env:` credentials name. Nothing else of it is given. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Those of `env` that are URLs (`http:`, `postgres:` and the like, not encrypted): a check goes through a relay there
   * that can lose a request, lose its answer, or keep it waiting.
   */
  readonly relay?: readonly string[]
  /** Credentials to give the tool, by name, in place of those it declares. Not for `exq verify`, whose executor leases. */
  readonly credentials?: Readonly<Record<string, string>>
  /**
   * What the system of record shows for these arguments: a number is how often it was done. Never ask the tool. Asked
   * before and after each trial; what was there before does not count.
   */
  readonly effects: (args: JsonObject) => Promise<number | EffectCount>
  /** Brings the downstream back to where it was; called before each trial of `checkTool`. */
  readonly reset?: () => Promise<void>
}

/** What a check of one tool needs. */
export interface ToolCheck {
  /** Arguments that lead to one effect; a function is asked for each trial, and may first make what they name. */
  readonly input: JsonObject | (() => JsonObject | Promise<JsonObject>)
  readonly world: World
  /** For `exq verify`: an agent that the policies let ask for this tool, its groups too. */
  readonly agent?: { readonly name: string; readonly groups?: readonly string[] }
}

/** What is there for checks, for as long as they last. */
export interface Scratch {
  /** An empty folder. */
  readonly folder: string
  /** URL of a database of this check alone, as its owner. Started when it is first asked for. */
  readonly database: () => Promise<string>
}

/** The checks of a configuration, by the names of its tools. */
export interface ToolChecks {
  readonly tools: Readonly<Record<string, ToolCheck>>
  /** Ends what the checks have started. */
  readonly close?: () => Promise<void>
}
