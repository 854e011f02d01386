-- The average priority, and the age of heartbeats. Programs that read these views are often older
-- than SQLite 3.42: the time comes from julianday.
drop view v_queue_status_summary;

create view v_queue_status_summary as
select queue, state, count(*) as jobs,
       strftime('%Y-%m-%dT%H:%M:%fZ', min(created_at) / 1000000.0, 'unixepoch') as oldest_created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(created_at) / 1000000.0, 'unixepoch') as newest_created_at,
       avg(priority) as avg_priority
  from jobs
 group by queue, state;

drop view v_worker_status;

-- Nodes that have not ended.
create view v_worker_status as
select lower(substr(hex(n.id), 1, 8) || '-' || substr(hex(n.id), 9, 4) || '-' || substr(hex(n.id), 13, 4)
             || '-' || substr(hex(n.id), 17, 4) || '-' || substr(hex(n.id), 21)) as node,
       n.name, n.host, n.process_id, n.version, n.phase, n.wanted as told_to,
       n.concurrency as slots,
       (select count(*) from jobs j where j.state = 'RUNNING' and j.node = n.id) as held,
       case when n.lease_until >= (julianday('now') - 2440587.5) * 86400000000.0 then 1 else 0 end as alive,
       strftime('%Y-%m-%dT%H:%M:%fZ', n.started_at / 1000000.0, 'unixepoch') as started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', n.heartbeat_at / 1000000.0, 'unixepoch') as heartbeat_at,
       (julianday('now') - 2440587.5) * 86400.0 - n.heartbeat_at / 1000000.0 as heartbeat_age_seconds
  from nodes n
 where n.ended_at is null;
