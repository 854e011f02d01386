-- What jobs are searched by: their tags, and the fields that the settings of their queues name.
create table job_fields (
  field     text collate "C" not null, -- tag, or a path such as payload.customer
  value     text collate "C" not null,
  job_id    uuid             not null,
  job_group text collate "C",
  primary key (field, value, job_id)
);

-- The group of a token is a part of the walk, so that jobs of other groups are never read.
create index job_fields_group on job_fields (job_group, field, value, job_id)
 where job_group is not null;

create index job_fields_job on job_fields (job_id);

create function index_tags() returns trigger language plpgsql
as $$
begin
  insert into holdfast.job_fields (field, value, job_id, job_group)
  select 'tag', tag, new.id, new.job_group from json_array_elements_text(new.tags::json) tag
   where length(tag) <= 200
      on conflict do nothing;
  return null;
end
$$;

-- A trigger, so that each way to write a job leads through it; it costs jobs without tags nothing.
create trigger jobs_tags after insert on jobs for each row 
  when (new.tags is not null and position('\u0000' in new.tags) = 0) -- no text can have that
  execute function index_tags();

-- A JSON array of paths; null: none.
alter table queues add column indexed text;

-- How far the index of a field reaches: back to this job, from the newest.
create table indexed_fields (
  queue         text   collate "C" not null,
  field         text   collate "C" not null,
  named_at      bigint             not null,
  settled_below bigint, -- null: jobs of transactions that do not know the field may still come
  from_id       uuid,   -- null: no job yet
  primary key (queue, field)
);

create trigger queue_move before insert or update or delete on job_fields
  for each statement execute function refuse_moved_write();

-- A node indexes the fields of a job that SQL enqueued. Until then the job is found by this mark.
create or replace function holdfast_enqueue(
  type            text,
  payload         json        default 'null',
  queue           text        default 'default',
  priority        integer     default 0,
  run_at          timestamptz default null,
  delay           interval    default '0',
  idempotency_key text        default null,
  job_group       text        default null,
  max_attempts    integer     default 4,
  timeout         interval    default null,
  payload_version integer     default 1,
  created_by      text        default session_user,
  key_kept        interval    default '7 days',
  wake            boolean     default false)
returns uuid language plpgsql
set search_path = holdfast, pg_temp
as $$
#variable_conflict use_column
declare
  now_us    constant bigint := extract(epoch from clock_timestamp()) * 1000000;
  due_us    constant bigint := coalesce(extract(epoch from holdfast_enqueue.run_at) * 1000000,
                                        now_us + extract(epoch from delay) * 1000000);
  random    constant text   := replace(gen_random_uuid()::text, '-', '');
  new_id    constant uuid   := lpad(to_hex(now_us / 1000), 12, '0') || '7' || substr(random, 14);
  first_id  uuid;
begin
  perform check_enqueued_name('type', holdfast_enqueue.type);
  perform check_enqueued_name('queue', holdfast_enqueue.queue);
  perform check_enqueued_name('group', coalesce(holdfast_enqueue.job_group, 'none'));
  perform check_enqueued_name('idempotency key', coalesce(holdfast_enqueue.idempotency_key, 'none'));
  if holdfast_enqueue.payload is null or octet_length(holdfast_enqueue.payload::text) > 1048576 then
    raise invalid_parameter_value using message = 'the payload must be JSON of at most 1048576 bytes';
  end if;
  if not holdfast_enqueue.max_attempts between 1 and 1000 then
    raise invalid_parameter_value
      using message = format('max_attempts must be 1 to 1000, was %s', holdfast_enqueue.max_attempts);
  end if;
  if holdfast_enqueue.payload_version < 1 then
    raise invalid_parameter_value
      using message = format('payload_version must be at least 1, was %s', holdfast_enqueue.payload_version);
  end if;
  if not delay between '0' and '36500 days' then
    raise invalid_parameter_value using message = format('delay must be 0 to 36500 days, was %s', delay);
  end if;
  if not timeout between '1 ms' and '36500 days' then
    raise invalid_parameter_value
      using message = format('timeout must be 1 ms to 36500 days, was %s', timeout);
  end if;
  if not key_kept between '1 us' and '36500 days' then
    raise invalid_parameter_value
      using message = format('key_kept must be more than 0 and at most 36500 days, was %s', key_kept);
  end if;
  if holdfast_enqueue.idempotency_key is not null then
    insert into idempotency_keys as known (job_group, type, idempotency_key, job_id, expires_at)
    values (coalesce(holdfast_enqueue.job_group, ''), holdfast_enqueue.type,
            holdfast_enqueue.idempotency_key, new_id,
            now_us + (extract(epoch from key_kept) * 1000000)::bigint)
        on conflict (job_group, type, idempotency_key) do update
       set job_id = excluded.job_id, expires_at = excluded.expires_at
     where known.expires_at <= now_us;
    if not found then
      select k.job_id into strict first_id from idempotency_keys k
       where k.job_group = coalesce(holdfast_enqueue.job_group, '')
         and k.type = holdfast_enqueue.type
         and k.idempotency_key = holdfast_enqueue.idempotency_key;
      return first_id;
    end if;
  end if;
  insert into jobs
    (id, queue, type, state, payload, payload_version, rank, priority, run_at, max_attempts,
     timeout_us, job_group, idempotency_key, created_by, created_at, updated_at)
  values
    (new_id, holdfast_enqueue.queue, holdfast_enqueue.type,
     case when due_us <= now_us then 'PENDING' else 'SCHEDULED' end,
     holdfast_enqueue.payload::text, holdfast_enqueue.payload_version,
     rank_in_queue(holdfast_enqueue.queue, holdfast_enqueue.priority,
                   coalesce(holdfast_enqueue.job_group, ''), due_us),
     holdfast_enqueue.priority, due_us,
     holdfast_enqueue.max_attempts, extract(epoch from timeout) * 1000000,
     holdfast_enqueue.job_group, holdfast_enqueue.idempotency_key, holdfast_enqueue.created_by,
     now_us, now_us);
  insert into job_fields (field, value, job_id, job_group)
  select 'unindexed', q.name, new_id, holdfast_enqueue.job_group from queues q
   where q.name = holdfast_enqueue.queue and q.indexed is not null;
  insert into sample_deltas (at, queue, type, enqueued)
  values (now_us, holdfast_enqueue.queue, holdfast_enqueue.type, 1);
  if wake then
    perform pg_notify('holdfast', E'sql\nWORK\nSCHEDULED');
  end if;
  return new_id;
end
$$;
