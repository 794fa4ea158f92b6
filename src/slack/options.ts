/** The workspace that this server is connected to. */
export interface SlackOptions {
  readonly botToken: string
  readonly appToken: string
  /** `T...` */
  readonly team: string
  readonly tenant: string
  /** Ids of channels, by the names that routes know them by: `#finance`. */
  readonly channels: Readonly<Record<string, string>>
  /** `person:<name>` by e-mail address, in lower case; those that the configuration names. */
  readonly personByEmail: ReadonlyMap<string, string>
  /** Ends with a slash. */
  readonly apiUrl: string
}
