import { entry } from './error-entry.js'

export const checkErrors = {
  'EXQ-7010': entry(
    'The configuration has no checks',
    400,
    'Give it `checks`: for each tool arguments and a test downstream. docs/TOOLS.md shows how.',
  ),
  'EXQ-7011': entry('The check cannot be carried out', 500, 'Correct what the message names in `checks`.'),
  'EXQ-7012': entry(
    'A tool does not keep what its contract promises',
    500,
    'Correct the tool, or declare less: a weaker `downstream.class`. See what was seen: `exq tools check <name>`.',
  ),
  'EXQ-7013': entry('Tools are not checked', 500, 'Add them to `checks` of the configuration.'),
  'EXQ-7014': entry(
    'A guarantee does not hold',
    500,
    'Stop using the tools it names until it holds. See what was seen: `exq verify -o json`.',
  ),
}
