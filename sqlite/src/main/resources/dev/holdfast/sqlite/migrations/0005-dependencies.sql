-- How many jobs it waits for that have not ended, and how many wait for it or have waited for it.
alter table jobs add column waits integer not null default 0;

alter table jobs add column awaited integer not null default 0;

-- A job that waits for another one, and since when it does no longer.
create table job_waits (
  job_id       blob    not null,
  position     integer not null,
  on_id        blob    not null,
  if_failed    text    not null check (if_failed in ('CANCEL', 'RUN')),
  satisfied_at integer,
  primary key (job_id, position)
) strict, without rowid;

create index job_waits_on on job_waits (on_id);

-- A signal that a job waits for, or that was sent to it.
create table job_signals (
  job_id        blob not null,
  name          text not null,
  payload       text,
  sent_at       integer,
  sent_by       text not null default '',
  awaited_until integer,
  if_late       text check (if_late in ('FAIL', 'RUN')),
  primary key (job_id, name)
) strict, without rowid;

create index job_signals_awaited on job_signals (awaited_until) where awaited_until is not null;
