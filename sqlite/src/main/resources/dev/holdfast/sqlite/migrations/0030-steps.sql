-- Steps of jobs: work that a handler has done once, and waits that outlive an attempt.
create table job_steps (
  job_id      blob    not null,
  position    integer not null,
  name        text    not null,
  kind        text    not null check (kind in ('WORK', 'SLEEP', 'SIGNAL', 'JOBS')),
  result      text,
  attempt     integer not null,
  started_at  integer not null,
  finished_at integer, -- null while it waits
  until       integer,
  primary key (job_id, name)
) strict, without rowid;
