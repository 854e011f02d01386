-- Only SQLite builds the list of an IN anew for each row: nothing changes here.
select 1;
