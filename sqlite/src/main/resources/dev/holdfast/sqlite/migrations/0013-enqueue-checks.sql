-- Only PostgreSQL has holdfast_enqueue: nothing changes here.
select 1;
