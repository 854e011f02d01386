-- Recoveries: one row for each death of a node, written by those who take its jobs over.
create table recoveries (
  number      integer primary key autoincrement,
  node        blob    not null,
  heartbeats  integer not null, -- by which it was judged dead; -1: it had ended, -2: proven
  at          integer not null,
  node_name   text,
  host        text,
  cause       text    not null check (cause in ('CRASH', 'LAPSE', 'STRAY')),
  why         text    not null,
  noticed_us  integer,
  resumed     integer not null,
  held        integer not null,
  failed      integer not null,
  returned    integer not null,
  crash_loops integer not null,
  by_whom     text    not null,
  unique (node, heartbeats)
) strict;

create index recoveries_at on recoveries (at);

-- The check of the kind takes another one.
alter table alerts rename to old_alerts;

create table alerts (
  name       text primary key,
  kind       text not null check (kind in ('QUEUE_AGE', 'FAILURE_RATE', 'STUCK', 'RECOVERIES')),
  queue      text,
  type       text,
  over_us    integer not null,
  threshold  integer not null,
  at_least   integer not null,
  created_by text    not null,
  checked_at integer,
  value      integer,
  raised_at  integer
) strict;

insert into alerts
  (name, kind, queue, type, over_us, threshold, at_least, created_by, checked_at, value, raised_at)
select name, kind, queue, type, over_us, threshold, at_least, created_by, checked_at, value,
       raised_at
  from old_alerts;

drop table old_alerts;
