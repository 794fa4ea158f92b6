import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { decide } from '../../src/policy/decide.js'
import { parsePolicyCases } from '../../src/policy/policy-case-files.js'
import { runPolicyCases } from '../../src/policy/policy-cases.js'
import { sampleGroups } from '../_util/contracts.js'
import { approvals, engineOf, factsOf, permitDesk } from '../_util/policies.js'
import { readWeb, sendMail, sessionTools } from '../_util/session-tools.js'

const pack = await readFile(new URL('policies/default-pack.cedar', packageRoot), 'utf8')

const cases = parsePolicyCases({
  'read-then-send.yaml': `
about: What was read before something is sent outside.
given:
  principal: { id: agent:desk, groups: [support] }
  tool: send_mail
  args: { thing: th_1 }
cases:
  - description: an agent that read nothing sends alone
    expect: { result: allow, policies: [desk] }
  - description: data that must not get out may, as nobody told the agent to send it
    session: { read_sensitive: true }
    expect: { result: allow, policies: [desk] }
  - description: who listened to strangers may send what is no secret
    session: { read_untrusted: true }
    expect: { result: allow, policies: [desk] }
  - description: both together need a person
    session: { read_untrusted: true, read_sensitive: true }
    expect:
      result: require-approval
      policies: [default-read-then-send]
      requirements: { approvers: 1 }
      explanation_contains: has to agree that this is sent outside
  - description: who agreed has agreed
    session: { read_untrusted: true, read_sensitive: true }
    approvals: { approvers: 1 }
    expect: { result: allow }
  - description: reading on is nobody's concern
    tool: read_web
    session: { read_untrusted: true, read_sensitive: true }
    expect: { result: allow }
`,
})
const results = runPolicyCases({
  files: { 'desk.cedar': permitDesk, 'default-pack.cedar': pack },
  contracts: sessionTools.map(({ contract }) => contract),
  groups: [...sampleGroups, 'support'],
  cases,
})

describe('the default pack', () => {
  for (const { description, problems } of results) test(description, () => expect(problems).toEqual([]))
})

describe('a policy', () => {
  const facts = (tool: typeof sendMail, session: object = {}) =>
    factsOf({
      tool,
      args: { thing: 'th_1' },
      observed: null,
      session: { calls: 0, read_untrusted: false, read_sensitive: false, ...session },
    })

  test('names the families of a tool by what it reads and where it sends', () => {
    const never = (family: string) =>
      engineOf(`${permitDesk} @id("never") forbid (principal, action in Action::"${family}", resource);`, sessionTools)
    expect(decide(never('reads:untrusted'), facts(readWeb)).policy_ids).toEqual(['never'])
    expect(decide(never('reads:sensitive'), facts(readWeb)).result).toBe('allow')
    expect(decide(never('sends:outside'), facts(sendMail)).policy_ids).toEqual(['never'])
    expect(decide(never('sends:outside'), facts(readWeb)).result).toBe('allow')
  })

  test('sees how many calls there were before', () => {
    const few = `${permitDesk} @id("few") forbid (principal, action, resource) when { context.session.calls >= 3 };`
    expect(decide(engineOf(few, sessionTools), facts(sendMail, { calls: 2 })).result).toBe('allow')
    expect(decide(engineOf(few, sessionTools), facts(sendMail, { calls: 3 })).policy_ids).toEqual(['few'])
  })

  test('rests on the session: other facts are another question', () => {
    const engine = engineOf(permitDesk, sessionTools)
    const digests = [{}, { calls: 1 }, { read_untrusted: true }, { read_sensitive: true }].map(
      (session) => decide(engine, { ...facts(sendMail, session), approvals: approvals() }).input_digest,
    )
    expect(new Set(digests).size).toBe(4)
  })
})
