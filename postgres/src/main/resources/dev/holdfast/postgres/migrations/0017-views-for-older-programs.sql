-- Only the views of SQLite used a function that older programs lack: nothing changes here.
select 1;
