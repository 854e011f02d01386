-- How a queue is served; one without a row has the defaults.
create table queues (
  name                  text    primary key,
  claim_order           text    not null default 'PRIORITY'
                        check (claim_order in ('PRIORITY', 'FIFO', 'LIFO', 'WEIGHTED_RANDOM', 'FAIR')),
  paused_at             integer,
  paused_by             text,
  manual                integer not null default 0,
  allowance             integer not null default 0,
  concurrency           integer,
  concurrency_per_group integer,
  rate_limit            integer,
  rate_period_us        integer,
  rate_counts           text,
  band                  integer not null default 0,
  updated_at            integer not null
) strict, without rowid;

-- FAIR: how far a group has got in its queue's order.
create table queue_shares (
  queue     text    not null,
  job_group text    not null, -- empty for jobs without one
  finish    integer not null,
  primary key (queue, job_group)
) strict, without rowid;
