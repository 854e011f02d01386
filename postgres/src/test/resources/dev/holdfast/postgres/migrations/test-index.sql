create index test_index on jobs (created_at);
