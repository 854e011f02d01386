-- Whom to tell of what. Ends of jobs are written down by the trigger jobs_ended, which is there only
-- while a webhook asks for them.
create table webhooks (
  id         text collate "C" primary key,
  url        text not null,
  secret     text not null,
  events     text not null,      -- a JSON array of names
  queue      text collate "C",   -- null: of every queue
  type       text collate "C",
  job_group  text collate "C",
  enabled    integer not null,
  created_by text not null
);

-- What a webhook is to be told, once each; numbers are never given again.
create table webhook_deliveries (
  number  bigint generated always as identity primary key,
  webhook text   collate "C" not null references webhooks (id) on delete cascade,
  event   text   collate "C" not null,
  subject text   collate "C" not null, -- what it happened to, and which time
  at      bigint not null,
  data    text   not null,             -- JSON
  job_id  uuid,                        -- the job that delivers it; null until there is one
  unique (webhook, event, subject)
);

create index webhook_deliveries_waiting on webhook_deliveries (number) where job_id is null;

create index webhook_deliveries_at on webhook_deliveries (at);

-- What is watched, and since when it is not as it should be.
create table alerts (
  name       text collate "C" primary key,
  kind       text not null check (kind in ('QUEUE_AGE', 'FAILURE_RATE', 'STUCK')),
  queue      text collate "C",
  type       text collate "C",
  over_us    bigint  not null,
  threshold  bigint  not null,
  at_least   bigint  not null,
  created_by text    not null,
  checked_at bigint,
  value      bigint,
  raised_at  bigint
);

create function tell_webhooks()
returns trigger language plpgsql
set search_path = holdfast, pg_temp
as $$
begin
  insert into webhook_deliveries (webhook, event, subject, at, data)
  select w.id, 'job.' || lower(new.state), new.id || ':' || new.token, new.updated_at,
         json_build_object('job', json_build_object(
             'id', new.id, 'queue', new.queue, 'type', new.type, 'group', new.job_group,
             'state', new.state, 'attempt', new.attempt, 'max_attempts', new.max_attempts,
             'token', new.token,
             'failure', case when new.state = 'FAILED' then json_build_object(
                 'kind', new.failure_kind, 'message', left(new.failure_message, 1000)) end))
    from webhooks w
   where w.enabled = 1
     and w.events like '%"job.' || lower(new.state) || '"%'
     and (w.queue is null or w.queue = new.queue)
     and (w.type is null or w.type = new.type)
     and (w.job_group is null or w.job_group = new.job_group)
      on conflict do nothing;
  return null;
end
$$;
