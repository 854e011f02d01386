package dev.holdfast.benchmarks.spike;

/** The SQL statements of the SQLite spike; states are text here and translated if necessary. */
final class SqliteStatements {

  static final String TABLE =
      """
      create table jobs (
        id              blob    not null unique,
        queue           text    not null,
        type            text    not null,
        state           text    not null check (state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING',
                                                          'COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED')),
        rank            integer not null,
        priority        integer not null,
        run_at          integer not null,
        attempt         integer not null,
        max_attempts    integer not null,
        crashes         integer not null,
        token           integer not null,
        timeout_us      integer,
        node            blob,
        job_group       text,
        idempotency_key text,
        created_by      text,
        tags            text,
        metadata        text,
        requires        text,
        payload         text,
        result          text,
        failure_kind    text,
        failure_message text,
        failure_trace   text,
        created_at      integer not null,
        updated_at      integer not null,
        started_at      integer,
        finished_at     integer,
        interrupted_at  integer
      ) strict
      """;

  static final String PAYLOADS =
      "create table payloads (job integer primary key, payload text not null) strict";

  static final String[] INDEXES = {
    "create index pending on jobs (queue, rank, run_at, id) where state = 'PENDING'",
    "create index scheduled on jobs (run_at) where state = 'SCHEDULED'",
    "create index set_aside on jobs (state, id) where state in ('FAILED', 'INTERRUPTED',"
        + " 'CANCELLED')",
    "create index by_group on jobs (job_group, id) where job_group is not null",
  };

  static final String RUNNING_INDEX = "create index running on jobs (node) where state = 'RUNNING'";

  static final String INSERT =
      """
      insert into jobs (rowid, id, queue, type, state, rank, priority, run_at, attempt, max_attempts, crashes,
                        token, timeout_us, job_group, idempotency_key, created_by, tags, metadata, requires,
                        payload, created_at, updated_at)
      values %s
      on conflict (id) do nothing
      """;

  static final String INSERT_ROW =
      "(?, ?, ?, ?, 'PENDING', ?, ?, ?, 0, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  static final String NEXT_ROWID = "select coalesce(max(rowid), 0) + 1 from jobs";

  static final String INSERT_PAYLOAD = "insert into payloads (job, payload) values %s";

  static final String INSERT_PAYLOAD_ROW = "(?, ?)";

  static final String CLAIM_RETURNING =
      """
      update jobs
         set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
       where rowid in (select rowid from jobs
                        where state = 'PENDING' and queue = ? and type in (select value from json_each(?))
                        order by rank, run_at, id
                        limit ?)
      returning id, type, payload, attempt, max_attempts, token, timeout_us, crashes
      """;

  static final String CLAIM_RETURNING_WITH_PAYLOADS =
      CLAIM_RETURNING.replace(
          "type, payload,",
          "type, coalesce(payload, (select p.payload from payloads p where p.job = jobs.rowid)),");

  static final String CLAIM_SELECT =
      """
      select id, type, payload, attempt + 1, max_attempts, token + 1, timeout_us, crashes, rowid
        from jobs
       where state = 'PENDING' and queue = ? and type in (select value from json_each(?))
       order by rank, run_at, id
       limit ?
      """;

  static final String CLAIM_SELECT_WITH_PAYLOADS =
      """
      select id, type, coalesce(payload, (select p.payload from payloads p where p.job = jobs.rowid)),
             attempt + 1, max_attempts, token + 1, timeout_us, crashes, rowid
        from jobs
       where state = 'PENDING' and queue = ? and type in (select value from json_each(?))
       order by rank, run_at, id
       limit ?
      """;

  static final String CLAIM_LIST =
      """
      update jobs
         set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
       where rowid in (select value from json_each(?))
      """;

  static final String CLAIM_ONE =
      """
      update jobs
         set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?, started_at = ?, updated_at = ?
       where rowid = ?
      """;

  static final String COMPLETE_ONE =
      """
      update jobs
         set state = 'COMPLETED', result = null, finished_at = ?, started_at = ?, updated_at = ?
       where id = ? and state = 'RUNNING' and token = ?
      """;

  static final String COMPLETE_LIST =
      """
      with done (id, token) as materialized (
        select unhex(value ->> 0), value ->> 1 from json_each(?))
      update jobs
         set state = 'COMPLETED', result = null, finished_at = ?, started_at = ?, updated_at = ?
       where state = 'RUNNING' and (id, token) in (select id, token from done)
      """;

  static final String COMPLETE_VALUES =
      """
      update jobs
         set state = 'COMPLETED', result = null, finished_at = ?, started_at = ?, updated_at = ?
       where state = 'RUNNING' and (id, token) in (values %s)
      """;

  static final String COMPLETE_FROM =
      """
      update jobs
         set state = 'COMPLETED', result = null, finished_at = ?2, started_at = ?3, updated_at = ?4
        from (select unhex(value ->> 0) as id, value ->> 1 as token from json_each(?1)) as done
       where jobs.id = done.id and jobs.token = done.token and +jobs.state = 'RUNNING'
      """;

  private SqliteStatements() {}

  /** Returns the same statement for a state column of small integers. */
  static String withNumbers(String sql) {
    return sql.replace("state           text ", "state           integer ")
        .replace("'SCHEDULED'", "0")
        .replace("'BLOCKED'", "1")
        .replace("'PENDING'", "2")
        .replace("'RUNNING'", "3")
        .replace("'COMPLETED'", "4")
        .replace("'FAILED'", "5")
        .replace("'INTERRUPTED'", "6")
        .replace("'CANCELLED'", "7");
  }
}
