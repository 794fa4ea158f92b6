import { textWidth } from './text-width.js'

/** Lines of aligned columns. Every cell may be painted after it was measured. */
export function columns(
  rows: readonly (readonly string[])[],
  paint: (text: string, row: number, column: number) => string = (text) => text,
): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))
  }
  return rows
    .map((row, index) =>
      row
        .map((cell, column) => {
          const gap = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - textWidth(cell) + 2)
          return paint(cell, index, column) + gap
        })
        .join('')
        .trimEnd(),
    )
    .join('\n')
}
