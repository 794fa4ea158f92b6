/** Tells a person, in one line without a final newline, what is going on. */
export type Say = (line: string) => void
