-- Jobs that one more crash fails have lanes of their own, as a node runs one of them at a time.
alter table lanes add column last_chance integer not null default 0;

-- The next claim decides which of those whose process has died are on their last chance.
update jobs set lane = 0 where state = 'PENDING' and crashes > 0;

update jobs set lane = 0 where state = 'SCHEDULED' and crashes > 0;

update jobs set lane = 0 where state = 'BLOCKED' and crashes > 0;

update jobs set lane = 0 where state = 'RUNNING' and crashes > 0;

update jobs set lane = 0 where state = 'INTERRUPTED' and crashes > 0;
