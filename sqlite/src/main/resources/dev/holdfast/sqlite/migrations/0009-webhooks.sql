-- Whom to tell of what. Ends of jobs are written down by the trigger jobs_ended, which is there only
-- while a webhook asks for them.
create table webhooks (
  id         text primary key,
  url        text not null,
  secret     text not null,
  events     text not null, -- a JSON array of names
  queue      text,          -- null: of every queue
  type       text,
  job_group  text,
  enabled    integer not null,
  created_by text not null
) strict;

-- What a webhook is to be told, once each; numbers are never given again.
create table webhook_deliveries (
  number  integer primary key autoincrement,
  webhook text    not null references webhooks (id) on delete cascade,
  event   text    not null,
  subject text    not null, -- what it happened to, and which time
  at      integer not null,
  data    text    not null, -- JSON
  job_id  blob,             -- the job that delivers it; null until there is one
  unique (webhook, event, subject)
) strict;

create index webhook_deliveries_waiting on webhook_deliveries (number) where job_id is null;

create index webhook_deliveries_at on webhook_deliveries (at);

-- What is watched, and since when it is not as it should be.
create table alerts (
  name       text primary key,
  kind       text not null check (kind in ('QUEUE_AGE', 'FAILURE_RATE', 'STUCK')),
  queue      text,
  type       text,
  over_us    integer not null,
  threshold  integer not null,
  at_least   integer not null,
  created_by text    not null,
  checked_at integer,
  value      integer,
  raised_at  integer
) strict;
