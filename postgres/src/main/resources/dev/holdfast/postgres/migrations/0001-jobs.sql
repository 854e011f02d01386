-- Times are microseconds since 1970. Names and keys are compared byte by byte, whatever the
-- database's own collation is.
create table jobs (
  id              uuid    not null primary key,
  queue           text    collate "C" not null,
  type            text    collate "C" not null,
  state           text    collate "C" not null
                  check (state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING',
                                   'COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED')),
  rank            bigint  not null,
  priority        integer not null,
  run_at          bigint  not null,
  attempt         integer not null default 0,
  max_attempts    integer not null,
  crashes         integer not null default 0,
  token           bigint  not null default 0,
  timeout_us      bigint,
  node            uuid,
  job_group       text    collate "C",
  idempotency_key text    collate "C",
  tags            text,
  metadata        text,
  requires        text,
  created_by      text,
  payload         text    not null,
  result          text,
  failure_kind    text,
  failure_message text,
  failure_trace   text,
  created_at      bigint  not null,
  started_at      bigint,
  finished_at     bigint,
  interrupted_at  bigint,
  updated_at      bigint  not null
) with (fillfactor = 90); -- full pages are left alone by inserts: see ADR 3

-- The claim order. Nothing that a claim changes is indexed twice.
create index jobs_pending on jobs (queue, rank, run_at, id) where state = 'PENDING';

create index jobs_scheduled on jobs (run_at) where state = 'SCHEDULED';

create index jobs_running on jobs (node) where state = 'RUNNING';

create index jobs_blocked on jobs (id) where state = 'BLOCKED';

create index jobs_set_aside on jobs (state, id)
 where state in ('FAILED', 'INTERRUPTED', 'CANCELLED');

create index jobs_group on jobs (job_group, id) where job_group is not null;

create table job_progress (
  job_id  uuid    primary key,
  percent integer not null,
  message text    not null,
  at      bigint  not null
);

create table job_events (
  number          bigint  generated always as identity primary key,
  job_id          uuid    not null,
  at              bigint  not null,
  from_state      text    not null,
  to_state        text    not null,
  by_whom         text    not null,
  why             text    not null,
  attempt         integer not null,
  node            uuid,
  run_at          bigint  not null,
  started_at      bigint,
  finished_at     bigint,
  failure_kind    text,
  failure_message text,
  failure_trace   text
);

create index job_events_job on job_events (job_id);

create table job_logs (
  number  bigint  generated always as identity primary key,
  job_id  uuid    not null,
  attempt integer not null,
  at      bigint  not null,
  level   integer not null,
  message text    not null,
  details text
);

create index job_logs_job on job_logs (job_id);

create table idempotency_keys (
  job_group       text   collate "C" not null,
  type            text   collate "C" not null,
  idempotency_key text   collate "C" not null,
  job_id          uuid   not null,
  expires_at      bigint not null,
  primary key (job_group, type, idempotency_key)
);

create table nodes (
  id            uuid    primary key,
  name          text    not null,
  host          text    not null,
  process_id    bigint  not null,
  start_ticks   bigint  not null,
  boot_id       text    not null,
  pid_namespace text    not null,
  version       text    not null,
  phase         text    not null,
  started_at    bigint  not null,
  heartbeat_at  bigint  not null,
  heartbeats    bigint  not null,
  lease_until   bigint  not null,
  ended_at      bigint
) with (fillfactor = 50); -- rewritten by each heartbeat, within its page

create index nodes_living on nodes (started_at) where ended_at is null;

-- The connection by whose lock others see that a node's process lives.
create table node_sessions (
  node     uuid   primary key,
  lock_key bigint not null,
  server   text   not null, -- the server's start and timeline: locks of an earlier one say nothing
  since    bigint not null
);

-- A job as it is read, the same columns on every database.
create view job_rows as
select j.id, j.queue, j.type, j.state, j.payload, j.rank, j.priority, j.run_at, j.attempt,
       j.max_attempts, j.crashes, j.token, j.timeout_us, j.node, j.job_group, j.idempotency_key,
       j.tags, j.metadata, j.requires, j.created_by, j.result,
       j.failure_kind, j.failure_message, j.failure_trace,
       j.created_at, j.started_at, j.finished_at, j.interrupted_at, j.updated_at,
       g.percent as progress_percent, g.message as progress_message,
       n.name as node_name, n.host as node_host, n.process_id as node_process_id
  from jobs j
  left join job_progress g on g.job_id = j.id
  left join nodes n on n.id = j.node;
