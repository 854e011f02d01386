-- How many jobs there were when they were last counted: counting a large table takes long. At most
-- one row.
create table job_counts (
  only_row   integer primary key check (only_row = 1),
  jobs       bigint  not null,
  counted_at bigint  not null
);
