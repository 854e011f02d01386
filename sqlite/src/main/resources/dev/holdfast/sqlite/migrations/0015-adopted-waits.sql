-- Whether the job that is waited for counts this wait, so that its end looks for it. A transaction
-- that cannot have the row of that job leaves this to a duty.
alter table job_waits add column adopted integer not null default 1;

create index job_waits_unadopted on job_waits (on_id, job_id) where adopted = 0;
