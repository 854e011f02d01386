-- unixepoch('subsec') is understood by SQLite 3.42 and newer alone; programs that read these views
-- are often older. julianday says the same to all of them.
drop view v_worker_status;

drop view v_task_performance;

-- Nodes that have not ended.
create view v_worker_status as
select lower(substr(hex(n.id), 1, 8) || '-' || substr(hex(n.id), 9, 4) || '-' || substr(hex(n.id), 13, 4)
             || '-' || substr(hex(n.id), 17, 4) || '-' || substr(hex(n.id), 21)) as node,
       n.name, n.host, n.process_id, n.version, n.phase, n.wanted as told_to,
       n.concurrency as slots,
       (select count(*) from jobs j where j.state = 'RUNNING' and j.node = n.id) as held,
       case when n.lease_until >= (julianday('now') - 2440587.5) * 86400000000.0 then 1 else 0 end as alive,
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
 where finished_at >= (julianday('now') - 2440587.5 - 1) * 86400000000.0
   and state in ('COMPLETED', 'FAILED')
 group by type;
