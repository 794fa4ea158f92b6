import { describeCli } from './describe-cli.js'
import { describeConfig } from './describe-config.js'
import { describeErrors } from './describe-errors.js'

/** The pages in `docs/` that are made from the code. A test holds the committed ones equal to these. */
export const pages: Readonly<Record<string, () => string>> = {
  'CLI.md': describeCli,
  'CONFIG.md': describeConfig,
  'ERRORS.md': describeErrors,
}
