-- Recurring jobs. Where one stands – its slot that is not fired yet – is kept with it.
create table schedules (
  name            text    primary key,
  cron            text,
  every_us        integer,
  zone            text    not null,
  job             text    not null,
  missed          text    not null check (missed in ('SKIP', 'ONCE', 'CATCH_UP')),
  missed_after_us integer not null,
  missed_most     integer not null,
  overlap         text    not null check (overlap in ('ALLOW', 'SKIP')),
  declared_by     text    not null,
  paused_at       integer,
  next_slot       integer,
  last_slot       integer,
  last_job        blob,
  version         integer not null,
  created_at      integer not null,
  updated_at      integer not null,
  check ((cron is null) <> (every_us is null))
) strict, without rowid;

create index schedules_due on schedules (next_slot) where paused_at is null;

-- What was done at each slot, once.
create table schedule_fires (
  schedule text    not null,
  slot     integer not null,
  kind     text    not null check (kind in ('ON_TIME', 'LATE', 'BY_HAND', 'MISSED', 'OVERLAPPED')),
  job_id   blob,
  fired_at integer not null,
  primary key (schedule, slot)
) strict, without rowid;

create index schedule_fires_at on schedule_fires (fired_at);
