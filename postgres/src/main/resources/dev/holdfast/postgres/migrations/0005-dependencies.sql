-- How many jobs it waits for that have not ended, and how many wait for it or have waited for it.
alter table jobs add column waits integer not null default 0;

alter table jobs add column awaited integer not null default 0;

-- A job that waits for another one, and since when it does no longer.
create table job_waits (
  job_id       uuid    not null,
  position     integer not null,
  on_id        uuid    not null,
  if_failed    text    not null check (if_failed in ('CANCEL', 'RUN')),
  satisfied_at bigint,
  primary key (job_id, position)
);

create index job_waits_on on job_waits (on_id);
