import type { Problem } from '../api/problem.js'

/** What went wrong and what to do next, spoken at once. */
export function ProblemNote({ problem }: { readonly problem: Problem }) {
  return (
    <div class="note note-problem" role="alert">
      <p>
        <strong>{problem.title}</strong>
        {problem.detail !== '' && <>: {problem.detail}</>}
      </p>
      <p>
        {problem.remedy} {problem.code !== '' && <span class="code">{problem.code}</span>}
      </p>
    </div>
  )
}
