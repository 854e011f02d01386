-- What a node runs and tells of itself, and what it was told to do.
alter table nodes add column queues text not null default '[]';

alter table nodes add column types text not null default '{}';

alter table nodes add column concurrency integer not null default 0;

alter table nodes add column vitals text not null default '{}';

alter table nodes add column wanted text not null default 'RUN';

-- How the payload is to be read: the version of its type when it was enqueued.
alter table jobs add column payload_version integer not null default 1;

create table job_checkpoints (
  job_id   uuid    not null,
  name     text    collate "C" not null,
  state    text    not null,
  attempt  integer not null,
  saved_at bigint  not null,
  primary key (job_id, name)
);

drop view job_rows;

create view job_rows as
select j.id, j.queue, j.type, j.state, j.payload, j.payload_version, j.rank, j.priority, j.run_at,
       j.attempt, j.max_attempts, j.crashes, j.token, j.timeout_us, j.node, j.job_group,
       j.idempotency_key, j.tags, j.metadata, j.requires, j.created_by, j.result,
       j.failure_kind, j.failure_message, j.failure_trace,
       j.created_at, j.started_at, j.finished_at, j.interrupted_at, j.updated_at,
       g.percent as progress_percent, g.message as progress_message,
       n.name as node_name, n.host as node_host, n.process_id as node_process_id
  from jobs j
  left join job_progress g on g.job_id = j.id
  left join nodes n on n.id = j.node;

-- What has ended is forgotten, and a key that has expired is free.
create index idempotency_keys_expiring on idempotency_keys (expires_at);

create index nodes_ended on nodes (ended_at) where ended_at is not null;

create index job_logs_at on job_logs (at);
