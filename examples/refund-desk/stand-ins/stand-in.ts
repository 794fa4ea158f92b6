import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Call } from './call.js'
import type { Keyed, LedgerLine } from './effect-ledger.js'
import type { Reply } from './reply.js'
import type { Route } from './route-table.js'

/** Answers that do not come from an endpoint, in the shape of the service that is stood in for. */
export interface PlainAnswers {
  /** A definite no: the request was understood and is not carried out. */
  refused: () => Reply
  unavailable: () => Reply
  failed: () => Reply
  unknownRoute: (method: string, path: string) => Reply
  unreadable: (problem: string) => Reply
  /** Too many calls: come again after so many seconds. */
  tooMany: (seconds: number) => Reply
}

/** What a service that does more than answer calls is given. */
export interface World<Effect> {
  /** Something happened that no call asked for. */
  record: (effect: Effect) => void
  /** Where this process listens. */
  url: () => string
}

/** What a service does beside answering calls. */
export interface Extension {
  /** More of the control surface; undefined where there is nothing at that address. */
  control: (method: string, url: URL, json: unknown) => Promise<Reply | undefined>
  /** Takes over a connection that is to become a WebSocket. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  close: () => void
}

/** What a service remembers under the keys its callers send. */
export interface AnswerMemory {
  /** The answer to give again, or a refusal of the key; `undefined` when the endpoint is to run. */
  recall: (call: Call) => Reply | undefined
  /** What to write beside the effect so that the answer survives a restart. */
  keep: (call: Call, reply: Reply) => Keyed
}

/** A service to stand in for: its endpoints, and how its state follows from the ledger's lines. */
export interface StandIn<Effect, Seed> {
  name: string
  routes: readonly Route<Effect>[]
  answers: PlainAnswers
  memory: AnswerMemory
  /** The refusal of a caller without the right key, or `undefined`. */
  authorize: (call: Call) => Reply | undefined
  /** Brings the state up to date with one line. Called for each line at the start, and for each new one. */
  apply: (line: LedgerLine<Effect, Seed>) => void
  /** Splits a seed into the objects that are new and the number of those already there. */
  readSeed: (body: unknown) => { added: Seed[]; present: number }
  /** Something else that might happen in place of an effect. */
  otherwise: (effect: Effect) => Effect
  /** Headers for every answer. */
  headers: (call: Call) => Record<string, string>
  open?: (world: World<Effect>) => Extension
}
