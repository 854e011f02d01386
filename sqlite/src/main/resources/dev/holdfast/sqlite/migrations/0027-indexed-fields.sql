-- What jobs are searched by: their tags, and the fields that the settings of their queues name.
create table job_fields (
  field     text not null, -- tag, or a path such as payload.customer
  value     text not null,
  job_id    blob not null,
  job_group text,
  primary key (field, value, job_id)
) strict, without rowid;

-- The group of a token is a part of the walk, so that jobs of other groups are never read.
create index job_fields_group on job_fields (job_group, field, value, job_id)
 where job_group is not null;

create index job_fields_job on job_fields (job_id);

-- A trigger, so that each way to write a job leads through it; it costs jobs without tags nothing.
create trigger jobs_tags after insert on jobs when new.tags is not null
begin
  insert or ignore into job_fields (field, value, job_id, job_group)
  select 'tag', value, new.id, new.job_group from json_each(new.tags)
   where length(value) <= 200; end;

-- A JSON array of paths; null: none.
alter table queues add column indexed text;

-- How far the index of a field reaches: back to this job, from the newest.
create table indexed_fields (
  queue         text    not null,
  field         text    not null,
  named_at      integer not null,
  settled_below integer, -- null: jobs of transactions that do not know the field may still come
  from_id       blob,    -- null: no job yet
  primary key (queue, field)
) strict, without rowid;
