package dev.holdfast.benchmarks.spike;

/** The SQL statements of the PostgreSQL spike. */
final class PostgresStatements {

  static final String JOBS =
      """
      create table jobs (
        id              uuid    not null primary key,
        queue           text    not null,
        type            text    not null,
        state           text    not null check (state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING',
                                                          'COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED')),
        rank            bigint  not null,
        priority        integer not null,
        run_at          bigint  not null,
        attempt         integer not null,
        max_attempts    integer not null,
        crashes         integer not null,
        token           bigint  not null,
        timeout_us      bigint,
        node            uuid,
        job_group       text,
        idempotency_key text,
        created_by      text,
        tags            text,
        metadata        text,
        requires        text,
        payload         text    not null,
        result          text,
        failure_kind    text,
        failure_message text,
        failure_trace   text,
        created_at      bigint  not null,
        updated_at      bigint  not null,
        started_at      bigint,
        finished_at     bigint,
        interrupted_at  bigint
      )
      """;

  static final String[] INDEXES = {
    "create index pending on jobs (queue, rank, run_at, id) where state = 'PENDING'",
    "create index scheduled on jobs (run_at) where state = 'SCHEDULED'",
    "create index running on jobs (node) where state = 'RUNNING'",
    "create index set_aside on jobs (state, id) where state in ('FAILED', 'INTERRUPTED',"
        + " 'CANCELLED')",
    "create index by_group on jobs (job_group, id) where job_group is not null",
  };

  static final String[] HISTORY = {
    "create table jobs_history (like jobs including defaults)",
    "alter table jobs_history add primary key (id)",
    "create index history_by_group on jobs_history (job_group, id) where job_group is not null",
  };

  /** Inserts finished rows, from a day ago on. */
  static final String LOAD =
      """
      insert into %s (id, queue, type, state, rank, priority, run_at, attempt, max_attempts, crashes, token,
                      timeout_us, node, payload, created_at, updated_at, started_at, finished_at)
      select (lpad(to_hex(at / 1000), 12, '0') || '7' || lpad(to_hex(n %% 4096), 3, '0') || '8'
                || substr(md5(n::text), 1, 15))::uuid,
             'default', 'mail', 'COMPLETED', 0, 0, at, 1, 4, 0, 1,
             60000000, '01234567-89ab-7def-8000-000000000001',
             '{"to": "user-' || n || '@example.org", "text": "' || repeat('x', 140) || '"}', at, at, at, at
        from (select n, (extract(epoch from now())::bigint - 86400) * 1000000 + n * 10 as at
                from generate_series(?::bigint, ?::bigint) n) as numbered
      """;

  static final String INSERT =
      """
      insert into jobs (id, queue, type, state, rank, priority, run_at, attempt, max_attempts, crashes, token,
                        timeout_us, payload, created_at, updated_at)
      select id, queue, type, 'PENDING', rank, priority, run_at, 0, max_attempts, 0, 0,
             timeout_us, payload, created_at, created_at
        from unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::integer[], ?::bigint[], ?::integer[],
                    ?::bigint[], ?::text[], ?::bigint[])
          as new (id, queue, type, rank, priority, run_at, max_attempts, timeout_us, payload, created_at)
      on conflict (id) do nothing
      """;

  static final String CLAIM =
      """
      update jobs
         set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
       where id = any (array(
               select id from jobs
                where state = 'PENDING' and queue = ? and type = any (?::text[])
                order by rank, run_at, id
                limit ?
                for update skip locked))
      returning id, type, payload, attempt, max_attempts, token, timeout_us, crashes, rank, run_at
      """;

  static final String CLAIM_FROM_MARK =
      """
      update jobs
         set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
       where id = any (array(
               select id from jobs
                where state = 'PENDING' and queue = ? and type = any (?::text[])
                  and (rank, run_at, id) >= (?, ?, ?)
                order by rank, run_at, id
                limit ?
                for update skip locked))
      returning id, type, payload, attempt, max_attempts, token, timeout_us, crashes, rank, run_at
      """;

  /**
   * Claims as above, and returns the first row that was pending in the same snapshot, even if it is
   * locked. Rows of types without a handler here do not count, as one of them would hold the mark
   * permanently.
   */
  static final String CLAIM_AND_LOOK =
      """
      with first as materialized (
        select rank, run_at, id from jobs
         where state = 'PENDING' and queue = ? and type = any (?::text[]) and (rank, run_at, id) >= (?, ?, ?)
         order by rank, run_at, id
         limit 1),
      claimed as (
        update jobs
           set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
         where id = any (array(
                 select id from jobs
                  where state = 'PENDING' and queue = ? and type = any (?::text[])
                    and (rank, run_at, id) >= ((select rank from first), (select run_at from first), (select id from first))
                  order by rank, run_at, id
                  limit ?
                  for update skip locked))
        returning id, type, payload, attempt, max_attempts, token, timeout_us, crashes, rank, run_at)
      select claimed.*, first.rank, first.run_at, first.id from first left join claimed on true
      """;

  /**
   * {@code id = any} and no nested loops leave one plan: the primary key, then a hash of the
   * arrays. With {@code state = 'RUNNING'} spelled plainly the planner may walk the index on
   * running jobs and compare each with the whole array, because that index looked empty once.
   */
  static final String COMPLETE =
      """
      update jobs
         set state = 'COMPLETED', result = null, finished_at = ?, started_at = ?, updated_at = ?
        from unnest(?::uuid[], ?::bigint[]) as done (id, token)
       where jobs.id = any (?::uuid[]) and jobs.id = done.id and jobs.token = done.token
         and jobs.state || '' = 'RUNNING'
      """;

  static final String COMPLETE_INTO_HISTORY =
      """
      with done as (
        delete from jobs
         using unnest(?::uuid[], ?::bigint[]) as done (id, token)
         where jobs.id = any (?::uuid[]) and jobs.id = done.id and jobs.token = done.token
           and jobs.state || '' = 'RUNNING'
        returning jobs.*)
      insert into jobs_history
      select id, queue, type, 'COMPLETED', rank, priority, run_at, attempt, max_attempts, crashes, token, timeout_us,
             node, job_group, idempotency_key, created_by, tags, metadata, requires, payload, null, failure_kind,
             failure_message, failure_trace, created_at, ?, ?, ?, interrupted_at
        from done
      """;

  /** Session settings that fix the plan, as a queue may be empty now and huge a moment later. */
  static final String[] SESSION = {
    "set plan_cache_mode = force_generic_plan",
    "set enable_seqscan = off",
    "set enable_nestloop = off",
    "set enable_mergejoin = off",
    "set enable_bitmapscan = off",
    "set jit = off",
  };

  private PostgresStatements() {}
}
