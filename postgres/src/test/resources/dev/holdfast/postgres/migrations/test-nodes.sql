alter table nodes add column test_column integer not null default 0;
