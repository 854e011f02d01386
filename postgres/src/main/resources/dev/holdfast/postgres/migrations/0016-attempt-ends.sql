-- How the holder of a lease ended its attempt, and under which token. The state alone does not tell
-- after a retry, a snooze or a release. Completions leave both as they are: COMPLETED tells it.
alter table jobs add column ended_as text;
alter table jobs add column ended_token bigint;

-- The keys by which servers sign the leases of workers over HTTP. Never exported.
create table lease_keys (
  id          text    not null primary key,
  secret      text    not null, -- 256 bits in hexadecimal digits
  created_at  bigint not null,
  replaced_at bigint -- null: leases are signed with it
);
