-- Which node runs the job, and behind which others: of one line a node runs one at a time, so it
-- counts once. A hold without a line counts for itself.
alter table holds add column node blob;

alter table holds add column line integer;

-- Few rows, and few types that are limited: not worth a third tree for each job.
drop index holds_type;
