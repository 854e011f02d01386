-- What one transaction enqueued and ended, one row per queue and type. A duty adds these up and
-- removes them. Durations are a histogram: bucket:count, separated by spaces.
create table sample_deltas (
  number      bigint generated always as identity primary key,
  at          bigint not null,
  queue       text   collate "C" not null,
  type        text   collate "C" not null,
  enqueued    bigint not null default 0,
  completed   bigint not null default 0,
  failed      bigint not null default 0,
  retried     bigint not null default 0,
  cancelled   bigint not null default 0,
  interrupted bigint not null default 0,
  waits       text   not null default '',
  runs        text   not null default ''
);

-- The sums of a minute or an hour (span_us). A name is '' in the sum over all names, and ' ' in
-- that over the names beyond the limit.
create table samples (
  span_us     bigint not null,
  queue       text   collate "C" not null,
  type        text   collate "C" not null,
  at          bigint not null,
  enqueued    bigint not null,
  completed   bigint not null,
  failed      bigint not null,
  retried     bigint not null,
  cancelled   bigint not null,
  interrupted bigint not null,
  waits       text   not null,
  runs        text   not null,
  primary key (span_us, queue, type, at)
);

create index samples_at on samples (span_us, at);

-- The highest number of jobs that waited and ran, and the highest age, as counted each minute.
create table depth_samples (
  span_us   bigint not null,
  queue     text   collate "C" not null,
  at        bigint not null,
  pending   bigint not null,
  running   bigint not null,
  oldest_us bigint not null,
  primary key (span_us, queue, at)
);

create index depth_samples_at on depth_samples (span_us, at);

-- Whose turn it is: a node that moves next_at does the work.
create table sample_turns (
  task    text   collate "C" primary key,
  next_at bigint not null
);

-- Jobs from SQL are counted as well; the rest of the function is as it was.
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
  insert into sample_deltas (at, queue, type, enqueued)
  values (now_us, holdfast_enqueue.queue, holdfast_enqueue.type, 1);
  if wake then
    perform pg_notify('holdfast', E'sql\nWORK\nSCHEDULED');
  end if;
  return new_id;
end
$$;
