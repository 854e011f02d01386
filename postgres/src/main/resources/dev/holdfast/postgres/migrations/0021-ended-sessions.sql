-- The sessions of browsers that were ended before their time. A session lasts 12 hours, so there are few.
create table ended_sessions (
  id         text not null primary key,
  kept_until bigint not null -- the session is over by then in any case
);
