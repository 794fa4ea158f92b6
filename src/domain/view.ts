/** What a group sees of a read's output. Pointers lead into the output; `*` stands for every element of a list. */
export interface View {
  /** What is seen, each with everything below it. */
  readonly fields: readonly string[]
  /** Rows that are not seen unless they belong to whoever reads. */
  readonly rows?: readonly RowScope[]
}

/** Keeps the rows of the list `at` whose `field` equals a value; `at: ''` takes the whole output for one row. */
export interface RowScope {
  readonly at: string
  /** A pointer from the row. */
  readonly field: string
  /** A literal; `$agent` and `$on_behalf_of` are who asks and for whom, as `agent:desk`, `person:olga`. */
  readonly equals: string | number | boolean
}

/** What was taken out of an output: fields by pointer, rows by the pointer of their list, with their number. */
export interface Cut {
  readonly fields: readonly string[]
  readonly rows: Readonly<Record<string, number>>
}
