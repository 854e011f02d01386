-- What one transaction enqueued and ended, one row per queue and type. A duty adds these up and
-- removes them. Durations are a histogram: bucket:count, separated by spaces.
create table sample_deltas (
  number      integer primary key,
  at          integer not null,
  queue       text    not null,
  type        text    not null,
  enqueued    integer not null,
  completed   integer not null,
  failed      integer not null,
  retried     integer not null,
  cancelled   integer not null,
  interrupted integer not null,
  waits       text    not null,
  runs        text    not null
) strict;

-- The sums of a minute or an hour (span_us). A name is '' in the sum over all names, and ' ' in
-- that over the names beyond the limit.
create table samples (
  span_us     integer not null,
  queue       text    not null,
  type        text    not null,
  at          integer not null,
  enqueued    integer not null,
  completed   integer not null,
  failed      integer not null,
  retried     integer not null,
  cancelled   integer not null,
  interrupted integer not null,
  waits       text    not null,
  runs        text    not null,
  primary key (span_us, queue, type, at)
) strict, without rowid;

create index samples_at on samples (span_us, at);

-- The highest number of jobs that waited and ran, and the highest age, as counted each minute.
create table depth_samples (
  span_us   integer not null,
  queue     text    not null,
  at        integer not null,
  pending   integer not null,
  running   integer not null,
  oldest_us integer not null,
  primary key (span_us, queue, at)
) strict, without rowid;

create index depth_samples_at on depth_samples (span_us, at);

-- Whose turn it is: a node that moves next_at does the work.
create table sample_turns (
  task    text    primary key,
  next_at integer not null
) strict, without rowid;
