-- A lane holds the jobs that no claim can tell apart; its id is made of all the rest of its row.
create table lanes (
  id        bigint primary key,
  queue     text   collate "C" not null,
  type      text   collate "C" not null,
  requires  text   collate "C" not null, -- empty for none
  job_group text   collate "C"           -- of a queue that limits its groups; empty for jobs without
);

-- 0, or a lane that is not the job's: the next claim sorts it in.
alter table jobs add column lane bigint not null default 0;

drop index jobs_pending;

create index jobs_pending on jobs (lane, rank, run_at, id) where state = 'PENDING';

-- What a node's worker can do, as a JSON object.
alter table nodes add column capabilities text not null default '{}';
