-- Actions on many jobs, worked off in batches from the newest job to the oldest.
create table bulk_operations (
  id          uuid    primary key,
  action      text    not null,
  filter      text    not null,
  job_groups  text,
  queue       text    collate "C",
  priority    integer,
  by_whom     text    not null,
  state       text    not null check (state in ('RUNNING', 'DONE', 'CANCELLED')),
  position    text,
  done        bigint  not null default 0,
  left_alone  bigint  not null default 0,
  searched    bigint  not null default 0,
  created_at  bigint  not null,
  updated_at  bigint  not null,
  finished_at bigint
);

create index bulk_operations_running on bulk_operations (created_at) where state = 'RUNNING';
