-- While this queue moves to another database, and after it has moved, one row says so: its message
-- is the answer to every write. A queue that was fenced by an older program has the table already.
create table if not exists queue_move (
  direction text    not null,
  address   text    not null,
  message   text    not null,
  filling   integer not null
) strict;
