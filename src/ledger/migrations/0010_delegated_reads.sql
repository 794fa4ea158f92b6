-- Up Migration

-- What others did in an agent's name: few intents have actors, and where none has this is empty.
create index intents_by_actors on intents using gin (actors) where actors <> '{}';

-- Down Migration

drop index intents_by_actors;
