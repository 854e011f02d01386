-- Steps of jobs: work that a handler has done once, and waits that outlive an attempt.
create table job_steps (
  job_id      uuid    not null,
  position    integer not null,
  name        text    collate "C" not null,
  kind        text    not null check (kind in ('WORK', 'SLEEP', 'SIGNAL', 'JOBS')),
  result      text,
  attempt     integer not null,
  started_at  bigint  not null,
  finished_at bigint, -- null while it waits
  until       bigint,
  primary key (job_id, name)
);

create trigger queue_move before insert or update or delete on job_steps
  for each statement execute function refuse_moved_write();
