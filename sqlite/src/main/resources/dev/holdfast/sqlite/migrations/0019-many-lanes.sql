-- The head of a queue in the orders FAIR and WEIGHTED_RANDOM, over all its lanes: their ranks stand
-- behind place 0 of a band of 2^61. Jobs in the other orders have no entry here.
create index jobs_in_turn on jobs (queue, rank)
  where state = 'PENDING' and (rank & 2305843009213693951) between 1 and 1152921504606846975;

create index lanes_queue on lanes (queue);

create index queue_shares_finish on queue_shares (queue, finish);

-- Since when nothing waited in a lane, as far as the sweeper saw; empty while it is used.
alter table lanes add column idle_since integer;
