import type { Block } from './facts.js'

type Surface = 'message' | 'modal'

const textLimits: Readonly<Record<string, number>> = { section: 3_000, header: 150, button: 75, input: 2_000 }

/** All that Slack would not draw, each with a JSON pointer; empty if everything fits. */
export function blockProblems(given: unknown, surface: Surface, most: number): string[] {
  if (!Array.isArray(given)) return ['must be an array [json-pointer:/blocks]']
  const problems: string[] = []
  const tell = (at: string, problem: string) => problems.push(`${problem} [json-pointer:${at}]`)
  if (given.length > most) tell('/blocks', `no more than ${most} items allowed`)
  const ids = given.flatMap((block: Block) => (typeof block?.block_id === 'string' ? [block.block_id] : []))
  if (new Set(ids).size < ids.length) tell('/blocks', 'block_id is there twice')
  for (const [index, block] of given.entries()) checkBlock(block as Block, `/blocks/${index}`, surface, tell)
  return problems
}

type Tell = (at: string, problem: string) => void

function checkBlock(block: Block, at: string, surface: Surface, tell: Tell): void {
  if (!fits(block.block_id ?? '', 255)) tell(`${at}/block_id`, 'must be less than 256 characters')
  switch (block.type) {
    case 'header':
      checkText(block.text, `${at}/text`, textLimits.header ?? 0, tell, 'plain_text')
      break
    case 'section':
      checkSection(block, at, tell)
      break
    case 'context':
      checkList(block.elements, `${at}/elements`, 10, tell, (element, place) => {
        if (element.type !== 'image') checkText(element, place, 3_000, tell)
      })
      break
    case 'divider':
      break
    case 'actions':
      checkList(block.elements, `${at}/elements`, 25, tell, (element, place) => checkElement(element, place, tell))
      break
    case 'rich_text':
      checkRich(block.elements, `${at}/elements`, tell)
      break
    case 'input':
      if (surface !== 'modal') tell(at, 'input blocks are not for messages')
      checkText(block.label, `${at}/label`, textLimits.input ?? 0, tell, 'plain_text')
      checkElement((block.element ?? {}) as Block, `${at}/element`, tell)
      break
    default:
      tell(`${at}/type`, `unsupported type: ${String(block.type)}`)
  }
}

function checkSection(block: Block, at: string, tell: Tell): void {
  if (block.text === undefined && block.fields === undefined) tell(at, 'missing required field: text')
  if (block.text !== undefined) checkText(block.text, `${at}/text`, textLimits.section ?? 0, tell)
  if (block.fields !== undefined)
    checkList(block.fields, `${at}/fields`, 10, tell, (field, place) => checkText(field, place, 2_000, tell))
  if (block.accessory !== undefined) checkElement(block.accessory as Block, `${at}/accessory`, tell)
}

function checkElement(element: Block, at: string, tell: Tell): void {
  if (!fits(element.action_id ?? '', 255)) tell(`${at}/action_id`, 'must be less than 256 characters')
  if (element.type === 'plain_text_input') return
  if (element.type !== 'button') {
    tell(`${at}/type`, `unsupported type: ${String(element.type)}`)
    return
  }
  checkText(element.text, `${at}/text`, textLimits.button ?? 0, tell, 'plain_text')
  if (!fits(element.value ?? '', 2_000)) tell(`${at}/value`, 'must be less than 2001 characters')
  if (!fits(element.url ?? '', 3_000)) tell(`${at}/url`, 'must be less than 3001 characters')
  if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger')
    tell(`${at}/style`, 'must be a valid enum value')
  if (element.confirm === undefined) return
  const confirm = element.confirm as Record<string, unknown>
  checkText(confirm.title, `${at}/confirm/title`, 100, tell, 'plain_text')
  checkText(confirm.text, `${at}/confirm/text`, 300, tell)
  checkText(confirm.confirm, `${at}/confirm/confirm`, 30, tell, 'plain_text')
  checkText(confirm.deny, `${at}/confirm/deny`, 30, tell, 'plain_text')
}

/** Rich text holds sections, lists, quotes and preformatted parts; these hold texts, links and the like. */
function checkRich(given: unknown, at: string, tell: Tell): void {
  const parts = ['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']
  const leaves = ['text', 'link', 'user', 'usergroup', 'channel', 'emoji', 'broadcast', 'date', 'color']
  checkList(given, at, Number.POSITIVE_INFINITY, tell, (element, place) => {
    const { type, text } = element
    if (parts.includes(String(type))) checkRich(element.elements, `${place}/elements`, tell)
    else if (!leaves.includes(String(type))) tell(`${place}/type`, `unsupported type: ${String(type)}`)
    else if (type === 'text' && (typeof text !== 'string' || text === ''))
      tell(`${place}/text`, 'must be more than 0 characters')
  })
}

/** A text object: `{type: plain_text | mrkdwn, text}`. */
export function checkText(given: unknown, at: string, most: number, tell: Tell, only?: 'plain_text'): void {
  const { type, text } = (given ?? {}) as { type?: unknown; text?: unknown }
  if (type !== 'plain_text' && (type !== 'mrkdwn' || only !== undefined)) tell(`${at}/type`, 'unsupported type of text')
  if (typeof text !== 'string' || text === '') tell(`${at}/text`, 'must be more than 0 characters')
  else if (text.length > most) tell(`${at}/text`, `must be less than ${most + 1} characters`)
}

function checkList(
  given: unknown,
  at: string,
  most: number,
  tell: Tell,
  each: (item: Block, at: string) => void,
): void {
  if (!Array.isArray(given) || given.length === 0) {
    tell(at, 'no fewer than 1 items allowed')
    return
  }
  if (given.length > most) tell(at, `no more than ${most} items allowed`)
  for (const [index, item] of given.entries()) each((item ?? {}) as Block, `${at}/${index}`)
}

function fits(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most
}
