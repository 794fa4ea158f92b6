import type { Contract, Range } from '../domain/contract.js'

/** The two forms of `late`: names, or names with the range that each may be filled within. */
export function lateFields(
  late: readonly string[] | Readonly<Record<string, Range>>,
): Pick<Contract, 'late' | 'late_ranges'> {
  if (Array.isArray(late)) return { late }
  const fields = Object.entries(late as Readonly<Record<string, Range>>)
  const ranges = fields.filter(([, range]) => range && Object.keys(range).length > 0)
  return {
    late: fields.map(([field]) => field),
    ...(ranges.length > 0 && { late_ranges: Object.fromEntries(ranges) }),
  }
}
