-- How many jobs of a type run at once, in all queues together.
create table type_limits (
  type        text    primary key,
  concurrency integer not null
) strict;

-- Jobs that run under a limit. A row counts as long as its job runs under this token, so nothing
-- has to give a slot back; claims remove those that count no more.
create table holds (
  job_id    blob    primary key,
  token     integer not null,
  queue     text    not null,
  type      text    not null,
  job_group text    not null -- empty for none
) strict;

create index holds_queue on holds (queue);

create index holds_type on holds (type);
