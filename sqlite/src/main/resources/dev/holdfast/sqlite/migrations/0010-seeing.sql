-- The end of a job is its last write, and the newest end stands at the end of the index: see ADR 17.
create index jobs_by_end on jobs (finished_at) where finished_at is not null;

create index jobs_failed on jobs (finished_at) where state = 'FAILED';

-- Views for dashboards: the same names and columns on every database. The first two read all jobs.
create view v_queue_status_summary as
select queue, state, count(*) as jobs,
       strftime('%Y-%m-%dT%H:%M:%fZ', min(created_at) / 1000000.0, 'unixepoch') as oldest_created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(created_at) / 1000000.0, 'unixepoch') as newest_created_at
  from jobs
 group by queue, state;

create view v_queue_type_summary as
select queue, type, count(*) as jobs,
       sum(case when state = 'SCHEDULED' then 1 else 0 end) as scheduled,
       sum(case when state = 'BLOCKED' then 1 else 0 end) as blocked,
       sum(case when state = 'PENDING' then 1 else 0 end) as pending,
       sum(case when state = 'RUNNING' then 1 else 0 end) as running,
       sum(case when state = 'COMPLETED' then 1 else 0 end) as completed,
       sum(case when state = 'FAILED' then 1 else 0 end) as failed,
       sum(case when state = 'INTERRUPTED' then 1 else 0 end) as interrupted,
       sum(case when state = 'CANCELLED' then 1 else 0 end) as cancelled
  from jobs
 group by queue, type;

-- Nodes that have not ended.
create view v_worker_status as
select lower(substr(hex(n.id), 1, 8) || '-' || substr(hex(n.id), 9, 4) || '-' || substr(hex(n.id), 13, 4)
             || '-' || substr(hex(n.id), 17, 4) || '-' || substr(hex(n.id), 21)) as node,
       n.name, n.host, n.process_id, n.version, n.phase, n.wanted as told_to,
       n.concurrency as slots,
       (select count(*) from jobs j where j.state = 'RUNNING' and j.node = n.id) as held,
       case when n.lease_until >= unixepoch('subsec') * 1000000 then 1 else 0 end as alive,
       strftime('%Y-%m-%dT%H:%M:%fZ', n.started_at / 1000000.0, 'unixepoch') as started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', n.heartbeat_at / 1000000.0, 'unixepoch') as heartbeat_at
  from nodes n
 where n.ended_at is null;

-- Jobs that completed or failed in the last 24 hours.
create view v_task_performance as
select type, count(*) as jobs,
       sum(case when state = 'COMPLETED' then 1 else 0 end) as completed,
       sum(case when state = 'FAILED' then 1 else 0 end) as failed,
       avg(case when state = 'COMPLETED' then 1.0 else 0.0 end) as success_rate,
       sum(case when attempt > 1 then 1 else 0 end) as retried,
       avg(attempt) as avg_attempts,
       avg(finished_at - started_at) / 1000000.0 as avg_seconds,
       min(finished_at - started_at) / 1000000.0 as min_seconds,
       max(finished_at - started_at) / 1000000.0 as max_seconds
  from jobs
 where finished_at >= (unixepoch('subsec') - 86400) * 1000000 and state in ('COMPLETED', 'FAILED')
 group by type;

create view v_recent_failures as
select lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
             || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)) as id,
       queue, type, job_group, attempt, max_attempts, crashes, failure_kind, failure_message,
       strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000000.0, 'unixepoch') as created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000000.0, 'unixepoch') as started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', finished_at / 1000000.0, 'unixepoch') as finished_at
  from jobs
 where state = 'FAILED'
 order by jobs.finished_at desc
 limit 100;
