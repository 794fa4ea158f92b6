import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Call } from '../call.js'
import type { Route } from '../route-table.js'
import { yes } from './answers.js'
import type { SlackEffect } from './facts.js'

/** How often the app is asked. */
const mostAttempts = 3
const pingMs = 10_000

export interface Envelope {
  envelope_id: string
  type: 'interactive' | 'slash_commands'
  payload: object
  accepts_response_payload: boolean
}

/** What became of an envelope: how long the acknowledgement took from the first sending on, and what it said. */
export interface Delivered {
  envelope_id: string
  delivered: boolean
  took_ms: number | null
  attempts: number
  payload: unknown
}

/** Socket Mode: tickets, connections, envelopes, their acknowledgements, and sending again what got none. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #tickets = new Set<string>()
  readonly #open: WebSocket[] = []
  readonly #waiting = new Map<string, (payload: unknown) => void>()
  readonly #sent = new Map<string, Envelope>()
  /** Whether a connection is ended as soon as it was greeted. */
  fleeting = false

  /** @param acknowledgeMs how long the app has to acknowledge, before it is asked again */
  constructor(
    private readonly record: (effect: SlackEffect) => void,
    private readonly acknowledgeMs: number,
  ) {}

  route(): Route<SlackEffect> {
    return { name: 'POST /api/apps.connections.open', handle: (call) => ({ reply: yes({ url: this.#ticket(call) }) }) }
  }

  get connections(): number {
    return this.#open.length
  }

  /** A ticket opens one connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? ''
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened))
  }

  /** Sends to one connection and waits for the acknowledgement, again and again as Slack does. */
  async send(envelope: Envelope): Promise<Delivered> {
    const { envelope_id, type } = envelope
    this.#sent.set(envelope_id, envelope)
    const started = performance.now()
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const socket = this.#open.at(-1)
      if (!socket) break
      this.record({ effect: 'envelope.sent', envelope_id, type, attempt })
      const acknowledged = this.#acknowledgement(envelope_id)
      socket.send(JSON.stringify(envelope))
      const payload = await acknowledged
      if (payload === undefined) continue
      const took_ms = Math.round(performance.now() - started)
      this.record({ effect: 'envelope.acked', envelope_id, took_ms, attempt, payload })
      return { envelope_id, delivered: true, took_ms, attempts: attempt, payload }
    }
    this.record({ effect: 'envelope.given-up', envelope_id })
    return { envelope_id, delivered: false, took_ms: null, attempts: mostAttempts, payload: null }
  }

  /** The same envelope once more, byte by byte. */
  replay(envelope_id: string): Promise<Delivered> | undefined {
    const envelope = this.#sent.get(envelope_id)
    return envelope && this.send(envelope)
  }

  /** Tells the app to come again on another connection, and closes this one, as Slack does from time to time. */
  refresh(reason: string): void {
    for (const socket of this.#open) {
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-desk' } }))
      setTimeout(() => socket.close(), 500).unref()
    }
  }

  close(): void {
    for (const socket of this.#open) socket.terminate()
    this.#server.close()
  }

  #ticket(call: Call): string {
    const ticket = randomUUID()
    this.#tickets.add(ticket)
    return `ws://${call.headers.host}/link/?ticket=${ticket}&app_id=A0DESK`
  }

  #greet(socket: WebSocket): void {
    this.#open.push(socket)
    const pings = setInterval(() => socket.ping(), pingMs).unref()
    socket.on('close', () => {
      clearInterval(pings)
      this.#open.splice(this.#open.indexOf(socket), 1)
    })
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id?: string; payload?: unknown }
      this.#waiting.get(envelope_id ?? '')?.(payload ?? {})
    })
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#open.length,
        debug_info: { host: 'applink-desk', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: 'A0DESK' },
      }),
    )
    if (this.fleeting) socket.close()
  }

  /** What the acknowledgement says; undefined if none comes in time. */
  #acknowledgement(envelope_id: string): Promise<unknown> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(undefined), this.acknowledgeMs)
      this.#waiting.set(envelope_id, (payload) => {
        clearTimeout(late)
        this.#waiting.delete(envelope_id)
        resolve(payload)
      })
    })
  }
}
