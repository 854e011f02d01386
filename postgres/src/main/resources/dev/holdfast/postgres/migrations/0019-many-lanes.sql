-- The head of a queue in the orders FAIR and WEIGHTED_RANDOM, over all its lanes: their ranks stand
-- behind place 0 of a band of 2^61. Jobs in the other orders have no entry here.
create index jobs_in_turn on jobs (queue, rank)
  where state = 'PENDING' and (rank & 2305843009213693951) between 1 and 1152921504606846975;

create index lanes_queue on lanes (queue);

create index queue_shares_finish on queue_shares (queue, finish);

-- Since when nothing waited in a lane, as far as the sweeper saw; empty while it is used.
alter table lanes add column idle_since bigint;

-- Where a job stands that comes into its queue now: the head is read from one index.
create or replace function rank_in_queue(name text, priority integer, job_group text, due bigint)
returns bigint language plpgsql
set search_path = holdfast, pg_temp
as $$
#variable_conflict use_column
declare
  q        queues%rowtype;
  band     bigint;
  weighed  constant double precision := greatest(-10000, least(10000, priority));
  head     bigint;
  place    bigint;
begin
  select * into q from queues where queues.name = rank_in_queue.name;
  if not found then
    return -priority::bigint;
  end if;
  band := q.band * 2305843009213693952;
  if q.claim_order = 'PRIORITY' then
    return band - priority;
  elsif q.claim_order = 'FIFO' then
    return band;
  elsif q.claim_order = 'LIFO' then
    return band - due * 256;
  end if;
  select j.rank - band into head from jobs j
   where j.state = 'PENDING' and (j.rank & 2305843009213693951) between 1 and 1152921504606846975
     and j.queue = rank_in_queue.name
     and j.rank > band and j.rank < band + 1152921504606846976
   order by j.rank limit 1;
  if q.claim_order = 'WEIGHTED_RANDOM' then
    return band + coalesce(head, 1)
         + round(-ln(1 - random()) * 16777216
                 / case when weighed >= 0 then 1 + weighed else 1 / (1 - weighed) end)::bigint;
  end if;
  if head is null then
    select greatest(1, max(s.finish)) into head from queue_shares s
     where s.queue = rank_in_queue.name;
  end if;
  insert into queue_shares as s (queue, job_group, finish)
  values (rank_in_queue.name, rank_in_queue.job_group, head + 1)
      on conflict (queue, job_group) do update set finish = greatest(s.finish, head) + 1
  returning s.finish - 1 into place;
  return band + place;
end
$$;
