-- How often the node of a job fell silent while it ran, and its process is not known to have died.
alter table jobs add column lapses integer not null default 0;

-- What a node's types say of lost leases, where it is not the default.
alter table nodes add column rules text not null default '{}';

-- A row for each lease that was taken from a node as it was silent, until the node has come back. When
-- it has not for the time of its lease, the lapse counts as a crash; should it come back even later,
-- the crash is a lapse again.
create table job_lapses (
  job_id     uuid not null,
  token      bigint not null,
  attempt    integer not null,
  node       uuid not null,
  heartbeats bigint not null,
  wait_us    bigint not null,
  at         bigint not null,
  crashed_at bigint,
  primary key (job_id, token)
);

drop view job_rows;

create view job_rows as
select j.id, j.queue, j.type, j.state, j.payload, j.payload_version, j.rank, j.priority, j.run_at,
       j.attempt, j.max_attempts, j.crashes, j.lapses, j.token, j.timeout_us, j.node, j.job_group,
       j.idempotency_key, j.tags, j.metadata, j.requires, j.created_by, j.result,
       j.failure_kind, j.failure_message, j.failure_trace,
       j.created_at, j.started_at, j.finished_at, j.interrupted_at, j.updated_at,
       g.percent as progress_percent, g.message as progress_message,
       n.name as node_name, n.host as node_host, n.process_id as node_process_id
  from jobs j
  left join job_progress g on g.job_id = j.id
  left join nodes n on n.id = j.node;
