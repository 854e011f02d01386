-- The tags of jobs that were enqueued before they were indexed. A migration of its own: this one
-- locks no table, so jobs are enqueued and run meanwhile.
insert into job_fields (field, value, job_id, job_group)
select 'tag', tag, j.id, j.job_group
  from jobs j, json_array_elements_text(j.tags::json) tag
 where j.tags is not null and position('\u0000' in j.tags) = 0 and length(tag) <= 200
    on conflict do nothing;
