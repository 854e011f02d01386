-- Recurring jobs. Where one stands – its slot that is not fired yet – is kept with it.
create table schedules (
  name            text    collate "C" primary key,
  cron            text,
  every_us        bigint,
  zone            text    not null,
  job             text    not null,
  missed          text    not null check (missed in ('SKIP', 'ONCE', 'CATCH_UP')),
  missed_after_us bigint  not null,
  missed_most     integer not null,
  overlap         text    not null check (overlap in ('ALLOW', 'SKIP')),
  declared_by     text    not null,
  paused_at       bigint,
  next_slot       bigint,
  last_slot       bigint,
  last_job        uuid,
  version         bigint  not null,
  created_at      bigint  not null,
  updated_at      bigint  not null,
  check ((cron is null) <> (every_us is null))
);

create index schedules_due on schedules (next_slot) where paused_at is null;

-- What was done at each slot, once.
create table schedule_fires (
  schedule text   collate "C" not null,
  slot     bigint not null,
  kind     text   not null check (kind in ('ON_TIME', 'LATE', 'BY_HAND', 'MISSED', 'OVERLAPPED')),
  job_id   uuid,
  fired_at bigint not null,
  primary key (schedule, slot)
);

create index schedule_fires_at on schedule_fires (fired_at);
