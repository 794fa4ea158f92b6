import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import { drawLines } from '../../src/domain/draw-rendering.js'
import type { Envelope } from '../../src/domain/envelope.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import { printable } from '../../src/domain/printable.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { envelopeWith, namesOfFlags } from './sample-envelope.js'

const draw = (envelope: Envelope) => drawLines(describeEnvelope(envelope, digestBytes))
const render = (parts: Parameters<typeof envelopeWith>[0]) => draw(envelopeWith(parts)).join('\n')

// Letters, and everything that acts, hides, quotes or breaks a line.
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      'a',
      'z',
      '0',
      ' ',
      '"',
      '\\',
      '\n',
      '\r',
      '\u001b',
      '\u202e',
      '\u200b',
      '\u2028',
      'а',
      '=',
      '/',
      ':',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
})
const anyJson = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ minLength: 590, maxLength: 700 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 8 }),
  ),
})).value
const anyArgs = fc.dictionary(anyText, anyJson, { maxKeys: 12 }) as fc.Arbitrary<JsonObject>

function leavesOf(value: Json): Json[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [value]
  return Object.values(value).flatMap(leavesOf)
}

const leavesOfArgs = (args: JsonObject) => Object.values(args).flatMap(leavesOf)

describe('what approvers are shown', () => {
  test('has every leaf of the arguments in a line of its own, or counts it as hidden', () => {
    fc.assert(
      fc.property(anyArgs, (args) => {
        const lines = render({ args }).split('\n')
        const shown = lines.filter((line) => line.startsWith('  ') && line.includes(' = '))
        const hidden = Number(/^ {2}\((\d+) more arguments/m.exec(lines.join('\n'))?.[1] ?? 0)
        const all = leavesOfArgs(args)
        expect(shown.length + hidden).toBe(all.length)
        const values = all.map((leaf) => ` = ${printable(JSON.stringify(leaf))}`)
        for (const line of shown) {
          if (!line.includes('[CUT')) expect(values.some((value) => line.endsWith(value))).toBe(true)
        }
      }),
    )
  })

  test('says in a cut line how much is missing, and names the whole by its digest', () => {
    const text = `${'a'.repeat(600)}${'b'.repeat(150)}`
    const line = render({ args: { text } })
      .split('\n')
      .find((each) => each.startsWith('  text'))
    expect(line).toBe(
      `  text = "${'a'.repeat(450)} [CUT: 150 characters are not shown] ${'b'.repeat(150)}" (all of it: ${digestBytes(text)})`,
    )
  })

  test('never holds a character that acts or hides, whatever is asked', () => {
    fc.assert(
      fc.property(anyArgs, anyText, anyText, (args, goal, reason) => {
        const rendering = render({ args, goal, reason, ticket_id: goal, resource: `Invoice ${reason}` })
        expect(rendering.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      }),
    )
  })

  test('has as many lines as it would have without the words of the agent, and one for each of those', () => {
    fc.assert(
      fc.property(anyText, anyText, (goal, reason) => {
        const flagged = (text: string) =>
          text
            .split('\n')
            .filter((line) => !/^(!|LOOK CLOSELY)/.test(line))
            .join('\n')
            .trim()
        const plain = flagged(render({})).split('\n')
        const said = flagged(render({ goal, reason })).split('\n')
        expect(said.slice(0, plain.length)).toEqual(plain)
        expect(said.slice(plain.length)).toEqual([
          `The agent says (not verified): ${printable(JSON.stringify(goal))}`,
          `The agent says (not verified): ${printable(JSON.stringify(reason))}`,
        ])
      }),
    )
  })

  test('cannot be made to say something else by a name, an id or a key', () => {
    const rendering = render({
      args: { 'amount = 5\n  /x': 'y' },
      resource: 'Invoice in_1, can be undone\nNeeded: nobody',
      ticket_id: 'zd_1\nThe agent says (not verified): nothing',
    })
    expect(rendering.split('\n')).toHaveLength(render({ args: { a: 1 } }).split('\n').length)
    expect(rendering).toContain('on Invoice "in_1, can be undone\\nNeeded: nobody", can be undone')
    expect(rendering).toContain('  "amount = 5\\n  ~1x" = "y"')
  })

  test('begins with its flags', () => {
    const args = { invoice_id: 'in_\u200b1' }
    expect(render({ args }).split('\n').slice(0, 2)).toEqual([
      'LOOK CLOSELY. To approve this, say that you have seen:',
      '! invisible /steps/0/args/invoice_id: characters that cannot be seen: U+200B',
    ])
    expect(render({ args: { invoice_id: 'in_1' } })).toMatch(/^Refund: Invoice in_1\nTarget Invoice in_1 \| Risk /)
  })

  test('says apart what is done already, which nobody is asked for again', () => {
    const [step] = envelopeWith().steps
    const done = [{ ...step, id: 'first', resource: 'Invoice in_\u200b0', args: { amount_cents: 1 } }]
    const envelope = { ...envelopeWith({ args: { amount_cents: 2 } }), done } as Envelope
    const lines = draw(envelope)
    const at = lines.indexOf('DONE ALREADY, and not asked for again:')
    expect(lines[at + 1]).toBe('  first: Refund (refund_invoice v1) on Invoice "in_\\u{200b}0"')
    expect(lines.filter((line) => line.includes('amount_cents'))).toEqual(['  amount_cents = 2'])
    expect(namesOfFlags(envelope)).toEqual(['invisible /done/0/resource'])
    expect(render({})).not.toContain('DONE ALREADY')
  })

  test('names every flag', () => {
    fc.assert(
      fc.property(anyArgs, (args) => {
        const rendering = render({ args })
        for (const name of namesOfFlags(envelopeWith({ args }))) expect(rendering).toContain(`! ${name}: `)
      }),
    )
  })
})
