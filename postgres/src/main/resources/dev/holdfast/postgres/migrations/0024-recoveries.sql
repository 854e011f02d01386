-- Recoveries: one row for each death of a node, written by those who take its jobs over.
create table recoveries (
  number      bigint generated always as identity primary key,
  node        uuid   not null,
  heartbeats  bigint not null, -- by which it was judged dead; -1: it had ended, -2: proven
  at          bigint not null,
  node_name   text,
  host        text,
  cause       text   not null check (cause in ('CRASH', 'LAPSE', 'STRAY')),
  why         text   not null,
  noticed_us  bigint,
  resumed     bigint not null,
  held        bigint not null,
  failed      bigint not null,
  returned    bigint not null,
  crash_loops bigint not null,
  by_whom     text   not null,
  unique (node, heartbeats)
);

create index recoveries_at on recoveries (at);

-- The check of the kind takes another one.
alter table alerts drop constraint alerts_kind_check;

alter table alerts add constraint alerts_kind_check
  check (kind in ('QUEUE_AGE', 'FAILURE_RATE', 'STUCK', 'RECOVERIES'));
