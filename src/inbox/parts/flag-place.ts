/** Where in a request something is that needs a closer look, in words of ours; `field` is a name that the agent chose. */
export interface FlagPlace {
  readonly words: string
  readonly field: string | null
}

const places: readonly (readonly [RegExp, string])[] = [
  [/^\/chain\/agent$/, 'in the name of the agent'],
  [/^\/chain\/owner$/, 'in the name of its owner'],
  [/^\/chain\/actors\/\d+$/, 'in the name of whom it asks through'],
  [/^\/chain\/on_behalf_of$/, 'in the name of whom it asks for'],
  [/^\/explanation$/, 'in why you are asked'],
  [/^\/request\/context\/ticket_id$/, 'in the id of the ticket'],
  [/^\/request\/context\/incident_id$/, 'in the id of the incident'],
  [/^\/request\/context\/user_id$/, 'in the id of the user'],
  [/^\/request\/context\/request_id$/, 'in the id of the request'],
  [/^\/request\/context\/reason$/, 'in the reason that the agent gives'],
  [/^\/request\/plan\/goal$/, 'in the goal that the agent gives'],
  [/^\/done\/\d+\/resource$/, 'in what was acted on already'],
  [/^\/amendments\/\d+\/reason$/, 'in the reason of an amendment'],
  [/^\/amendments\/\d+\/amended_by$/, 'in the name of who amended it'],
  [/^\/amendments\/\d+\/changes\/\d+$/, 'in the name of what was amended'],
  [/^\/amendments\/\d+\/changes\/\d+\/before$/, 'in what was amended, before'],
  [/^\/amendments\/\d+\/changes\/\d+\/after$/, 'in what was amended, after'],
  [/^\/moved\/\d+\/changes\/\d+$/, 'in the name of what has changed'],
  [/^\/moved\/\d+\/changes\/\d+\/before$/, 'in what has changed, before'],
  [/^\/moved\/\d+\/changes\/\d+\/after$/, 'in what has changed, after'],
  [/^\/asked_before\/\d+\/explanation$/, 'in how it ended when it was asked before'],
  [/^\/steps\/\d+\/resource$/, 'in what it acts on'],
  [/^\/steps\/\d+\/summary$/, 'in the line that says what would happen'],
  [/^\/steps\/\d+\/changes\/\d+\/before$/, 'in what is to change, before'],
  [/^\/steps\/\d+\/changes\/\d+\/after$/, 'in what is to change, after'],
  [/^\/steps\/\d+\/args$/, 'among the arguments'],
  [/^\/steps\/\d+\/args\//, 'in the field'],
]

/**
 * Of the name of a flag, such as `bidi /steps/0/args/message`. `steps` are the ids of the steps that are asked for; which
 * of them it is in is said where there are several. Of a place that has no words here the pointer itself is the field.
 */
export function flagPlace(name: string, steps: readonly string[]): FlagPlace {
  const pointer = name.slice(name.indexOf(' ') + 1)
  const words = places.find(([pattern]) => pattern.test(pointer))?.[1]
  if (words === undefined) return { words: 'in', field: pointer }
  const [, step, field = null] = /^\/steps\/(\d+)(?:\/args\/(.*))?/s.exec(pointer) ?? []
  const id = step !== undefined && steps.length > 1 ? steps[Number(step)] : undefined
  return { words: id === undefined ? words : `in ${id}, ${words}`, field: field === '' ? '""' : field }
}
