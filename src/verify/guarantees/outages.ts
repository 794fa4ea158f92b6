import { hold, NotApplicable } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'
import type { Subject, Venue } from '../venue.js'

/** A tool that runs without people, else one that waits for them. */
function plainSubject({ subjects }: Venue): Subject {
  const effectful = subjects.filter(({ tool }) => tool.effect !== 'none')
  const found =
    effectful.find(({ tool }) => tool.contract.risk === 'low' || tool.contract.risk === 'medium') ?? effectful[0]
  if (!found) throw new NotApplicable('no tool with an effect has a check')
  return found
}

/** Asks while something is away; then asks the same again once it is back, and sees it through. */
async function askAround(venue: Venue, away: string, leave: () => Promise<void>, back: () => Promise<void>) {
  const subject = plainSubject(venue)
  await leave()
  let asked: Awaited<ReturnType<Venue['ask']>>
  try {
    asked = await venue.ask(subject)
    await venue.nothing(asked, `without ${away}`)
  } finally {
    await back()
  }
  let { answer } = asked
  for (let tries = 0; tries < 20 && (answer.status === 0 || answer.status >= 500); tries += 1) {
    answer = await subject.agent.post('/v1/actions', asked.body)
    await new Promise((done) => setTimeout(done, 250))
  }
  if (answer.status >= 400) throw new Error(`once ${away} was back, it was answered ${answer.status}`)
  const { id } = answer.body
  await venue.approve({ ...asked, id, answer })
  const { outcome } = await venue.ended({ subject, id })
  hold(outcome === 'succeeded', `once ${away} was back, it ended ${outcome}`)
  const made = await asked.made()
  hold(made === 1, `once ${away} was back, it had ${made} effects`)
}

export const outages: readonly Guarantee[] = [
  {
    of: 'G9',
    name: 'while Postgres cannot be reached nothing new happens, and afterwards it happens once',
    carryOut: (venue) => {
      const logins = ['server', 'executor'].map((part) => `%\\_${part}`)
      const each = async (verb: 'login' | 'nologin') => {
        const roles = await venue.sql<{ name: string }>(
          `select quote_ident(rolname) as name from pg_roles r where rolname like any($1)
             and exists (select from pg_auth_members m join pg_roles of on of.oid = m.roleid
                          where m.member = r.oid and of.rolname in ('exq_server', 'exq_executor'))`,
          [logins],
        )
        for (const { name } of roles) await venue.sql(`alter role ${name} ${verb}`)
        if (verb === 'nologin')
          await venue.sql('select pg_terminate_backend(pid) from pg_stat_activity where usename like any($1)', [logins])
      }
      return askAround(
        venue,
        'Postgres',
        () => each('nologin'),
        () => each('login'),
      )
    },
  },
  {
    of: 'G9',
    name: 'while Temporal does not answer nothing new happens, and afterwards it happens once',
    carryOut: async (venue) => {
      const { pid } = venue.stack.temporal
      if (pid === undefined) throw new NotApplicable('the stack did not start Temporal itself')
      await askAround(
        venue,
        'Temporal',
        async () => void process.kill(pid, 'SIGSTOP'),
        async () => void process.kill(pid, 'SIGCONT'),
      )
    },
  },
]
