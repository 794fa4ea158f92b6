import { partsOfSecret } from './parts-of-secret.js'

/** Finds secrets in text, also inside of Base64, URL encoding, hexadecimal digits or JSON. */
export interface Secrets {
  /** The text, with `[secret]` in place of each. */
  readonly hide: (text: string) => string
  /** Whether the text holds one of them. Those shorter than {@link shortest} are too common to tell. */
  readonly areIn: (text: string) => boolean
}

const shortest = 4

export function secretsOf(values: readonly string[]): Secrets {
  const texts = values.filter((value) => typeof value === 'string')
  const forms = [...new Set(texts.flatMap(partsOfSecret).flatMap(formsOf))]
    .filter((form) => form !== '')
    // A form that holds another one is replaced first, and whole.
    .sort((a, b) => b.length - a.length)
  return {
    hide: (text) => forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text),
    areIn: (text) => forms.some((form) => form.length >= shortest && text.includes(form)),
  }
}

/** A secret as it is, and as it is usually written into other texts. */
function formsOf(secret: string): string[] {
  const urls = [encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)]
  const hex = Buffer.from(secret).toString('hex')
  const encoded = [
    ...urls.flatMap((url) => [url, url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64At(secret, offset)),
  ]
  return [secret, ...encoded.filter((form) => form.length >= 2 * shortest)]
}

/**
 * What stays the same of a secret in Base64, whatever stands around it, where it begins `offset` bytes into a group of
 * three: `user:password` in a header is such a place.
 */
function base64At(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor((bytes.length * 8) / 6)
  return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)]
}
