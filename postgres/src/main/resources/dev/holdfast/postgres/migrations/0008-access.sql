-- Who may come in by a server. The secret itself is nowhere but with its holder.
create table tokens (
  name         text collate "C" primary key,
  hash         text not null unique, -- SHA-256 of the secret, in hexadecimal digits
  role         text not null
    check (role in ('VIEWER', 'OPERATOR', 'PRODUCER', 'WORKER', 'ADMIN')),
  job_groups   text, -- null: all jobs; else each name between two line feeds
  created_by   text not null,
  created_at   bigint not null,
  expires_at   bigint,
  last_used_at bigint,
  revoked_at   bigint
);

-- Who did what through a server.
create table audit (
  number       bigint generated always as identity primary key,
  at           bigint not null,
  who          text not null,
  what         text not null,
  targets      text not null, -- ids or names, one a line; the first of them
  target_count bigint not null,
  status       integer not null
);
