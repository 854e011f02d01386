-- Who may come in by a server. The secret itself is nowhere but with its holder.
create table tokens (
  name         text primary key,
  hash         text not null unique, -- SHA-256 of the secret, in hexadecimal digits
  role         text not null
    check (role in ('VIEWER', 'OPERATOR', 'PRODUCER', 'WORKER', 'ADMIN')),
  job_groups   text, -- null: all jobs; else each name between two line feeds
  created_by   text not null,
  created_at   integer not null,
  expires_at   integer,
  last_used_at integer,
  revoked_at   integer
) strict;

-- Who did what through a server.
create table audit (
  number       integer primary key,
  at           integer not null,
  who          text not null,
  what         text not null,
  targets      text not null, -- ids or names, one a line; the first of them
  target_count integer not null,
  status       integer not null
) strict;
