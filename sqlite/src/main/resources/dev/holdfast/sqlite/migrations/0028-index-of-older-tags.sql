-- The tags of jobs that were enqueued before they were indexed.
insert or ignore into job_fields (field, value, job_id, job_group)
select 'tag', t.value, j.id, j.job_group
  from jobs j, json_each(j.tags) t
 where j.tags is not null and length(t.value) <= 200;
