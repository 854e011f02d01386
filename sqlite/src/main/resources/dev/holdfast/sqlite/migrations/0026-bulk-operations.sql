-- Actions on many jobs, worked off in batches from the newest job to the oldest.
create table bulk_operations (
  id          blob    primary key,
  action      text    not null,
  filter      text    not null,
  job_groups  text,
  queue       text,
  priority    integer,
  by_whom     text    not null,
  state       text    not null check (state in ('RUNNING', 'DONE', 'CANCELLED')),
  position    text,
  done        integer not null default 0,
  left_alone  integer not null default 0,
  searched    integer not null default 0,
  created_at  integer not null,
  updated_at  integer not null,
  finished_at integer
) strict, without rowid;

create index bulk_operations_running on bulk_operations (created_at) where state = 'RUNNING';
