/** What the server signs when a person registers a key: for whom, which, and how the person came in. */
export interface KeyRegistration {
  readonly tenant: string
  readonly key_id: string
  readonly principal: string
  readonly public_key: string
  readonly recorded_by: string
  readonly account: string
  /** Where the key is a passkey: what its authenticator calls it, and the site and the page that it signs for. */
  readonly passkey?: { readonly credential_id: string; readonly rp_id: string; readonly origin: string }
}

/** What the person's new key signs, so that nobody registers the key of somebody else. */
export interface KeyPossession {
  readonly purpose: 'register-key'
  readonly tenant: string
  readonly principal: string
  readonly public_key: string
}

/** What a key that the person has signs for a further one: whoever took their token cannot make a key of it. */
export interface KeyEndorsement {
  readonly purpose: 'endorse-key'
  readonly tenant: string
  readonly principal: string
  readonly public_key: string
}
