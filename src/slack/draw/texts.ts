import type { types } from '@slack/bolt'

/**
 * Every text of a message that is not ours word for word goes through here. Slack reads markup only where it is told to,
 * and it never is: plain text and rich text show what they are given, with no mention, link, emoji or style in it.
 */
export type Block = types.KnownBlock

const longestSection = 3_000
const longestHeader = 150

export function plainText(text: string, most = longestSection): types.PlainTextElement {
  return { type: 'plain_text', text: clip(text, most) || '-', emoji: false }
}

export function header(text: string): Block {
  return { type: 'header', text: plainText(text, longestHeader) }
}

export function actions(...elements: readonly types.Button[]): Block {
  return { type: 'actions', elements: [...elements] }
}

export function section(text: string): Block {
  return { type: 'section', text: plainText(text) }
}

export function context(text: string): Block {
  return { type: 'context', elements: [plainText(text)] }
}

/** One piece of a line of rich text. */
export type Piece = string | { readonly bold: string } | { readonly until: string }

/** A line, in pieces; a time is shown in the time zone of whoever looks. */
function line(...pieces: readonly Piece[]): types.RichTextSection {
  return { type: 'rich_text_section', elements: pieces.filter((piece) => piece !== '').map(element) }
}

/** Lines one below the other. */
export function lines(all: readonly (readonly Piece[])[]): Block {
  const elements = all.map((pieces, index) => line(...pieces, index < all.length - 1 ? '\n' : ''))
  return { type: 'rich_text', elements }
}

/** A title, and points below it. */
export function list(title: string, points: readonly (readonly Piece[])[]): Block {
  const elements = points.map((pieces) => line(...pieces))
  return { type: 'rich_text', elements: [line({ bold: title }), { type: 'rich_text_list', style: 'bullet', elements }] }
}

/** Words of others, set apart from ours. */
export function quoted(title: string, text: string): Block {
  return {
    type: 'rich_text',
    elements: [
      line({ bold: title }),
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: isolated(text) || '-' }], border: 0 },
    ],
  }
}

function element(piece: Piece): types.RichTextElement {
  if (typeof piece === 'string') return { type: 'text', text: piece }
  if ('bold' in piece) return { type: 'text', text: piece.bold, style: { bold: true } }
  const timestamp = Math.floor(Date.parse(piece.until) / 1_000)
  return { type: 'date', timestamp, format: '{date_short_pretty} at {time}', fallback: piece.until }
}

/**
 * Words of others among ours: in whichever direction they are written, what stands beside them stays where it is. The marks
 * are ours alone: in what others wrote they are escaped, as `printable` has it.
 */
export function isolated(text: string): string {
  return text === '' ? '' : `\u2068${text}\u2069`
}

/** A text that is too long loses its middle, where it says so: nothing can be pushed out of sight at its end. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  const gap = ' [...] '
  const half = Math.floor((most - gap.length) / 2)
  return `${whole(text.slice(0, half)).trimEnd()}${gap}${whole(text.slice(text.length - half)).trimStart()}`
}

/** Without half a character at either end: a message with one in it is no JSON to everybody. */
function whole(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
}

/** For the text beside the blocks, which Slack reads as markup in notifications. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
