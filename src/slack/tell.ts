import { type ExequaturError, errorTable } from '../domain/errors.js'
import { clip, plainText, section } from './draw/texts.js'
import type { Drawing } from './web.js'

const longestDetail = 500

/** An error as whoever clicked sees it: its code, what it means, what to do next. */
export function drawError({ code, detail }: ExequaturError): Drawing {
  const { title, remedy } = errorTable[code]
  const said = code === 'EXQ-9001' ? 'The server log knows more.' : clip(detail, longestDetail)
  const text = `${code}: ${title}.`
  return { text, blocks: [section(`${text}\n${said}\n${remedy.replaceAll('`', '')}`)] }
}

/** A sentence to whoever did something. */
export function drawSentence(text: string): Drawing {
  return { text, blocks: [{ type: 'section', text: plainText(text) }] }
}
