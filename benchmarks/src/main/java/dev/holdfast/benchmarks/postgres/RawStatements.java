package dev.holdfast.benchmarks.postgres;

/**
 * The statements of the bare loops, which write the same rows as Holdfast with the same statements.
 */
final class RawStatements {
  /** The lane that Holdfast gives jobs of the type noop in the queue default. */
  static final long LANE = 1_053_842_009_101_236_137L;

  /** The statement that inserts this lane. */
  static final String PUT_LANE =
      "insert into holdfast.lanes (id, queue, type, requires) values (%d, 'default', 'noop', '')"
          .formatted(LANE);

  static final String COPY =
      """
      copy holdfast.jobs
        (id, queue, type, state, rank, priority, run_at, max_attempts, payload, created_at, updated_at,
         lane)
      from stdin
      """;

  static final String INSERT =
      """
      insert into holdfast.jobs
        (id, queue, type, state, rank, priority, run_at, max_attempts, payload, created_at, updated_at,
         lane)
      select id, 'default', 'noop', 'PENDING', 0, 0, at, 4, payload, at, at, %d
        from unnest(?::uuid[], ?::text[], ?::bigint[]) as new (id, payload, at)
      on conflict (id) do nothing
      """
          .formatted(LANE);

  /**
   * Claims from the mark on; also returns the first row that its snapshot saw pending, even if it
   * is locked.
   */
  static final String CLAIM =
      """
      with first as materialized (
        select rank, run_at, id from holdfast.jobs
         where state = 'PENDING' and lane = %1$d and (rank, run_at, id) >= (?, ?, ?)
         order by rank, run_at, id
         limit 1),
      claimed as (
        update holdfast.jobs
           set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?,
               updated_at = ?
         where id = any (array(
                 select id from holdfast.jobs
                  where state = 'PENDING' and lane = %1$d
                    and (rank, run_at, id)
                        >= ((select rank from first), (select run_at from first), (select id from first))
                  order by rank, run_at, id
                  limit ?
                  for update skip locked))
        returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                  timeout_us)
      select first.rank, first.run_at, first.id,
             claimed.id, claimed.token, claimed.type, claimed.payload, claimed.payload_version,
             claimed.attempt, claimed.max_attempts, claimed.crashes, claimed.timeout_us
        from first left join claimed on true
      """
          .formatted(LANE);

  static final String COMPLETE =
      """
      update holdfast.jobs
         set state = 'COMPLETED', finished_at = ?, started_at = done.started_at, result = null,
             failure_kind = null, failure_message = null, failure_trace = null, updated_at = ?
        from unnest(?::uuid[], ?::bigint[], ?::bigint[]) as done (id, token, started_at)
       where jobs.id = any (?::uuid[]) and jobs.id = done.id and jobs.token = done.token
         and jobs.state || '' = 'RUNNING'
      """;

  /** Session settings that leave the planner one plan, as Holdfast's own connections do. */
  static final String[] SESSION = {
    "set plan_cache_mode = force_generic_plan",
    "set enable_seqscan = off",
    "set enable_nestloop = off",
    "set enable_mergejoin = off",
    "set enable_bitmapscan = off",
    "set jit = off",
  };

  /** Inserts rows of completed jobs, a day old; the ids ascend with the time. */
  static final String FINISHED =
      """
      insert into holdfast.jobs
        (id, queue, type, state, rank, priority, run_at, attempt, max_attempts, token, node, payload,
         created_at, started_at, finished_at, updated_at, lane)
      select (lpad(to_hex(at / 1000), 12, '0') || '7' || lpad(to_hex(n %% 4096), 3, '0') || '8'
                || substr(md5(n::text), 1, 15))::uuid,
             'default', 'noop', 'COMPLETED', 0, 0, at, 1, 4, 1,
             '01234567-89ab-7def-8000-000000000001', '{"text":"' || repeat('x', 180) || '"}', at, at, at, at,
             %2$d
        from (select n, (extract(epoch from now())::bigint - 86400) * 1000000 + n::bigint * 1000 as at
                from generate_series(1, %1$d) n) as numbered
      """;

  /** Inserts rows of pending jobs, an hour old. */
  static final String PENDING =
      """
      insert into holdfast.jobs
        (id, queue, type, state, rank, priority, run_at, max_attempts, payload, created_at, updated_at,
         lane)
      select (lpad(to_hex(at / 1000), 12, '0') || '7' || lpad(to_hex(n %% 4096), 3, '0') || '9'
                || substr(md5(n::text), 1, 15))::uuid,
             'default', 'noop', 'PENDING', 0, 0, at, 4, '{"text":"' || repeat('x', 180) || '"}', at, at,
             %2$d
        from (select n, (extract(epoch from now())::bigint - 3600) * 1000000 + n::bigint * 100 as at
                from generate_series(1, %1$d) n) as numbered
      """;

  private RawStatements() {}
}
