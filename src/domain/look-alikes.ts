/**
 * Letters of other scripts that pass for ASCII ones in common typefaces: `а` of Cyrillic for `a`. A choice from the
 * confusables of Unicode Technical Standard 39, written as pairs of the letter and what it looks like.
 */
const pairs = [
  // Cyrillic
  'аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw ѵv ӏl үy гr ԍg АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ԚQ ԜW ҮY ѴV ӀI ԌG',
  // Greek
  'αa γy ηn ιi κk νv οo ρp σo υu ϲc ϳj ϱp ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ͿJ',
  // Armenian
  'օo ոn սu հh զq ցg յj ԁd ՕO ՍU ՏS ԼL',
  // Cherokee, Coptic
  'ᎠD ᎡR ᎢT ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᏀG ᏃZ ᏚS ᏟC ᏢP ᏦK ᏙV ᏴB ⲟo ⲣp ⲥc ⲞO ⲢP ⲤC',
  // Latin that is not ASCII
  'ıi ɑa ɡg ɩi ǀl ᴄc ᴏo ᴜu ᴠv ᴡw ᴢz ꜱs',
  // Marks
  '\u2010- \u2011- \u2212- \u02d7- \u2215/ \u2044/ \u2024. \ua789: \u2236: \u037e;',
]

const looksLike: ReadonlyMap<string, string> = new Map(
  pairs.flatMap((line) => line.split(' ').map((pair) => [pair.slice(0, -1), pair.slice(-1)] as const)),
)

/** The ASCII character that one of another script passes for; null if it looks like itself. */
export function lookAlike(char: string): string | null {
  const known = looksLike.get(char)
  if (known) return known
  // Fullwidth, mathematical and the like: compatible with ASCII, and not it.
  if (char <= '\u007f' || !/[\p{L}\p{Nd}\p{Nl}\p{P}\p{S}]/u.test(char) || /[ªº…]/.test(char)) return null
  const plain = char.normalize('NFKC')
  return /^[!-~]$/.test(plain) ? plain : null
}

const alphabets = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Georgian', 'Hebrew', 'Arabic'].map(
  (name) => ({ name, letter: new RegExp(`^\\p{Script=${name}}$`, 'u') }),
)

function alphabetOf(letter: string): string {
  return alphabets.find((alphabet) => alphabet.letter.test(letter))?.name ?? 'other'
}

/** The characters of a text that may be taken for others; empty if there is no reason to look twice. */
export function confusableIn(text: string): string[] {
  const chars = [...text]
  if (!chars.some((char) => char > '\u007f')) return []
  const marks = chars.filter((char) => !/[\p{L}\p{M}\p{Nd}]/u.test(char) && lookAlike(char) !== null)
  const plainLetters = new Set(
    lettersOf(text)
      .filter((letter) => lookAlike(letter) === null)
      .map(alphabetOf),
  )
  const words = text.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []
  return [...new Set([...marks, ...words.flatMap((word) => confusableInWord(word, plainLetters))])]
}

/** `evident`: alphabets that the text has letters of which pass for no others. */
function confusableInWord(word: string, evident: ReadonlySet<string>): string[] {
  const letters = lettersOf(word)
  const alike = [...word].filter((char) => char > '\u007f' && lookAlike(char) !== null)
  const scripts = new Set(letters.map(alphabetOf))
  scripts.delete('other')
  // Two alphabets in one word is nobody's spelling.
  if (scripts.size > 1) return letters.filter((letter) => alphabetOf(letter) !== 'Latin')
  if (alike.length === 0) return []
  if (scripts.has('Latin') || scripts.size === 0) return alike
  // A word of look-alikes alone could be an ASCII one. One letter is a word in a text that is evidently of its language.
  const alone = letters.length > 0 && letters.every((letter) => lookAlike(letter) !== null)
  return alone && !(letters.length === 1 && evident.has([...scripts][0] as string)) ? alike : []
}

function lettersOf(text: string): string[] {
  return text.match(/\p{L}/gu) ?? []
}
