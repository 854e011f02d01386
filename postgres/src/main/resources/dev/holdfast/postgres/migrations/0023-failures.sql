-- What a dead letter has in common with others that failed for the same reason: 64 bits of a hash
-- of its type, kind and message. A duty fills it in for those that failed before.
alter table jobs add column fingerprint bigint;

create index jobs_fingerprint on jobs (fingerprint, queue, finished_at) where state = 'FAILED';

-- Dead letters that are left out of health and alerts.
create table failure_mutes (
  fingerprint bigint primary key,
  muted_at    bigint not null,
  until       bigint, -- null: until it is unmuted
  muted_by    text   not null
);
