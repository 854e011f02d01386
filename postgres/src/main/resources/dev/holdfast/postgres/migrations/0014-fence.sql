-- While this queue moves to another database, and after it has moved, one row says so: its message
-- is the answer to every write. A queue that was fenced by an older program has the table already.
create table if not exists queue_move (
  direction text    not null,
  address   text    not null,
  message   text    not null,
  filling   integer not null
);

drop function if exists refuse_moved_write() cascade;

create function refuse_moved_write()
returns trigger language plpgsql
as $$
declare
  refusal text;
begin
  select message into refusal from holdfast.queue_move where filling = 0;
  if found then
    raise exception using errcode = 'HF001', message = refusal;
  end if;
  return null;
end
$$;

create trigger queue_move before insert or update or delete on jobs
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_progress
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_events
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_logs
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_checkpoints
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_waits
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on job_signals
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on idempotency_keys
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on nodes
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on queues
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on queue_shares
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on schedules
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on schedule_fires
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on type_limits
  for each statement execute function refuse_moved_write();

create trigger queue_move before insert or update or delete on holds
  for each statement execute function refuse_moved_write();
