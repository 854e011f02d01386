-- The average priority, and the age of heartbeats.
create or replace view v_queue_status_summary as
select queue, state, count(*) as jobs,
       to_timestamp(min(created_at) / 1000000.0) as oldest_created_at,
       to_timestamp(max(created_at) / 1000000.0) as newest_created_at,
       avg(priority)::double precision as avg_priority
  from jobs
 group by queue, state;

-- Nodes that have not ended.
create or replace view v_worker_status as
select n.id::text as node, n.name, n.host, n.process_id, n.version, n.phase, n.wanted as told_to,
       n.concurrency as slots,
       (select count(*) from jobs j where j.state = 'RUNNING' and j.node = n.id) as held,
       case when n.lease_until >= extract(epoch from clock_timestamp()) * 1000000
            then 1 else 0 end as alive,
       to_timestamp(n.started_at / 1000000.0) as started_at,
       to_timestamp(n.heartbeat_at / 1000000.0) as heartbeat_at,
       (extract(epoch from clock_timestamp()) - n.heartbeat_at / 1000000.0)::double precision
         as heartbeat_age_seconds
  from nodes n
 where n.ended_at is null;
