/** What differs each time: digests, times, ages, and ids of approvals; columns move with them. */
export const maskedText = (text: string) =>
  text
    .replaceAll(/sha256:[0-9a-f]{8,}/g, 'sha256:_')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|\+00:00)/g, 'TIME')
    .replaceAll(/apr_[a-z2-7]{26}/g, 'apr_')

/** Said of what takes more than a second, which is another thing on each machine. */
export const progress = /^\S.* \.\.\.\n/gm

/**
 * A page with what its commands really say, where that is something else than it shows: each line after `$ ` in a block
 * `console`, with what follows it up to the next.
 */
export async function toldPage(
  text: string,
  run: (command: string) => Promise<string>,
  masked: (text: string) => string = maskedText,
): Promise<string> {
  let anew = ''
  let done = 0
  for (const block of text.matchAll(/(?<=^```console\n)[\s\S]*?(?=^```$)/gm)) {
    anew += text.slice(done, block.index)
    done = block.index + block[0].length
    for (const [, command = '', shown = ''] of block[0].matchAll(/^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      const truth = (await run(command)).replaceAll(progress, '')
      const same = masked(truth) === masked(shown.trimEnd())
      anew += `$ ${command}\n${same ? shown : truth && `${truth}\n`}`
    }
  }
  return anew + text.slice(done)
}
