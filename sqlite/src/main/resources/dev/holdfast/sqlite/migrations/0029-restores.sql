-- The state that a job of a restored queue had when the backup was made, as long as nobody has
-- decided what becomes of it. Until then it is BLOCKED, and waits counts one more; or INTERRUPTED.
alter table jobs add column uncertain text;

-- Backups that this queue was restored from.
create table restores (
  epoch     text    primary key,
  at        integer not null,
  by_whom   text    not null,
  file      text    not null,
  uncertain integer not null
) strict, without rowid;
