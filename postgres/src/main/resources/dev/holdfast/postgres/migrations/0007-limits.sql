-- How many jobs of a type run at once, in all queues together.
create table type_limits (
  type        text    collate "C" primary key,
  concurrency integer not null
);

-- Jobs that run under a limit. A row counts as long as its job runs under this token, so nothing
-- has to give a slot back; claims remove those that count no more.
create table holds (
  job_id    uuid    primary key,
  token     bigint not null,
  queue     text    collate "C" not null,
  type      text    collate "C" not null,
  job_group text    collate "C" not null -- empty for none
);

create index holds_queue on holds (queue);

create index holds_type on holds (type);
