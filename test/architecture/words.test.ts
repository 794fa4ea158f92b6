import { expect, test } from 'vitest'
import { sourceFiles } from './source-files.js'

/** Words that mean something else here, or too many things (docs/GLOSSARY.md). */
const notUsed = /\w*(job|task|rollback)\w*/gi

/** Names that Temporal and Postgres gave. */
const theirs = [
  /\btask ?queues?\b/gi,
  /\bworkflow tasks?\b/gi,
  /\bmaxConcurrentWorkflowTaskPolls\b|\bpendingWorkflowTask\b|\bworkflowTaskFinishEventId\b/g,
  /\bactivation\.jobs\b|\bjobs: kept\b/g,
  /\bquery\('rollback'\)/g,
]

test('the words of the glossary are used, and none of those that are not', () => {
  const found = sourceFiles('src', 'workflows', 'activities', 'bin').flatMap(({ path, text }) => {
    const ours = theirs.reduce((rest, name) => rest.replace(name, ''), text)
    return [...ours.matchAll(notUsed)].map(([word]) => `${path}: ${word}`)
  })
  expect(found).toEqual([])
})
