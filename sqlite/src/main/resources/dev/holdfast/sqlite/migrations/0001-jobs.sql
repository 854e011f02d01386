-- Times are microseconds since 1970; ids are UUIDs of 16 bytes.
create table jobs (
  number          integer primary key,
  id              blob    not null unique,
  queue           text    not null,
  type            text    not null,
  state           text    not null check (state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING',
                                                    'COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED')),
  rank            integer not null,
  priority        integer not null,
  run_at          integer not null,
  attempt         integer not null default 0,
  max_attempts    integer not null,
  crashes         integer not null default 0,
  token           integer not null default 0,
  timeout_us      integer,
  node            blob,
  job_group       text,
  idempotency_key text,
  tags            text,
  metadata        text,
  requires        text,
  created_by      text,
  result          text,
  failure_kind    text,
  failure_message text,
  failure_trace   text,
  created_at      integer not null,
  started_at      integer,
  finished_at     integer,
  interrupted_at  integer,
  updated_at      integer not null
) strict;

-- The claim order. Nothing that a claim changes is indexed twice.
create index jobs_pending on jobs (queue, rank, run_at, id) where state = 'PENDING';

create index jobs_scheduled on jobs (run_at) where state = 'SCHEDULED';

create index jobs_running on jobs (node) where state = 'RUNNING';

create index jobs_blocked on jobs (id) where state = 'BLOCKED';

create index jobs_set_aside on jobs (state, id)
 where state in ('FAILED', 'INTERRUPTED', 'CANCELLED');

create index jobs_group on jobs (job_group, id) where job_group is not null;

-- Apart from the row, as a change of the row would rewrite a large payload each time.
create table job_payloads (
  number  integer primary key,
  payload text not null
) strict;

create table job_progress (
  job_id  blob    primary key,
  percent integer not null,
  message text    not null,
  at      integer not null
) strict, without rowid;

create table job_events (
  number          integer primary key,
  job_id          blob    not null,
  at              integer not null,
  from_state      text    not null,
  to_state        text    not null,
  by_whom         text    not null,
  why             text    not null,
  attempt         integer not null,
  node            blob,
  run_at          integer not null,
  started_at      integer,
  finished_at     integer,
  failure_kind    text,
  failure_message text,
  failure_trace   text
) strict;

create index job_events_job on job_events (job_id);

create table job_logs (
  number  integer primary key,
  job_id  blob    not null,
  attempt integer not null,
  at      integer not null,
  level   integer not null,
  message text    not null,
  details text
) strict;

create index job_logs_job on job_logs (job_id);

create table idempotency_keys (
  job_group       text    not null,
  type            text    not null,
  idempotency_key text    not null,
  job_id          blob    not null,
  expires_at      integer not null,
  primary key (job_group, type, idempotency_key)
) strict, without rowid;

create table nodes (
  id            blob    primary key,
  name          text    not null,
  host          text    not null,
  process_id    integer not null,
  start_ticks   integer not null,
  boot_id       text    not null,
  pid_namespace text    not null,
  version       text    not null,
  phase         text    not null,
  started_at    integer not null,
  heartbeat_at  integer not null,
  heartbeats    integer not null,
  lease_until   integer not null,
  ended_at      integer
) strict, without rowid;

create index nodes_living on nodes (started_at) where ended_at is null;

-- A job as it is read, the same columns on every database.
create view job_rows as
select j.id, j.queue, j.type, j.state, p.payload, j.rank, j.priority, j.run_at, j.attempt,
       j.max_attempts, j.crashes, j.token, j.timeout_us, j.node, j.job_group, j.idempotency_key,
       j.tags, j.metadata, j.requires, j.created_by, j.result,
       j.failure_kind, j.failure_message, j.failure_trace,
       j.created_at, j.started_at, j.finished_at, j.interrupted_at, j.updated_at,
       g.percent as progress_percent, g.message as progress_message,
       n.name as node_name, n.host as node_host, n.process_id as node_process_id
  from jobs j
  left join job_payloads p on p.number = j.number
  left join job_progress g on g.job_id = j.id
  left join nodes n on n.id = j.node;
