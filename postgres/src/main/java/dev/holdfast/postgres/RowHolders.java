package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the sessions that hold rows. A locked row carries its holder's transaction id, on which the
 * holder has a lock itself. If several share a row, none is named.
 */
final class RowHolders {
  /** Describes a transaction: its process, user, application, state, and age. */
  private static final String SESSION =
      """
      h.pid, h.usename, h.application_name, h.state,
                 (extract(epoch from clock_timestamp() - h.xact_start) * 1000000)::bigint
      """
          .strip();

  private static final String HOLDERS =
      """
      with holder as materialized (
            select l.transactionid as xid, a.pid, coalesce(a.usename, '') as usename,
                   coalesce(a.application_name, '') as application_name, a.state, a.xact_start
              from pg_locks l join pg_stat_activity a on a.pid = l.pid
             where l.locktype = 'transactionid' and l.granted and l.mode = 'ExclusiveLock'
               and a.datname = current_database() and a.pid <> pg_backend_pid())
      """
          .strip();

  private static final Sql OF_JOBS =
      Sql.of(
          """
          %s
          select %s, j.id
            from jobs j join holder h on h.xid = j.xmax
           where j.id = any (:ids::uuid[])
          """
              .formatted(HOLDERS, SESSION));

  /** Selects running jobs that seem to be held for longer than a statement of the engine takes. */
  private static final Sql HELD_JOBS =
      Sql.of(
          """
          %s
          select %s, j.id
            from holder h join jobs j on j.state = 'RUNNING' and j.xmax = h.xid
           where h.xact_start < clock_timestamp() - interval '2 seconds'
           limit 1000
          """
              .formatted(HOLDERS, SESSION));

  private static final Sql HELD_ROWS =
      Sql.of(
          """
          %s
          select %s, r.what
            from holder h
            join (select xmax as xid, 'the row of node ' || name as what from nodes
                  union all
                  select xmax, 'the limits of queue ' || name from queues
                  union all
                  select xmax, 'the limit of type ' || type from type_limits
                  union all
                  select xmax, 'schedule ' || name from schedules) r on r.xid = h.xid
           where h.xact_start < clock_timestamp() - interval '2 seconds'
           limit 100
          """
              .formatted(HOLDERS, SESSION));

  private static final int NAMED_MAX = 3;

  private RowHolders() {}

  static Map<JobId, String> of(Session session, Collection<JobId> jobs) {
    Map<JobId, String> holders = new HashMap<>();
    List<JobId> ids = List.copyOf(jobs);
    session
        .sql(OF_JOBS)
        .set("ids", new Columns<>(session, ids).ids(JobId::value))
        .list(row -> holders.put(new JobId(row.id(6)), session(row)) == null);
    return holders;
  }

  /**
   * Names the sessions that hold rows the engine needs for longer than one of its own statements
   * takes, each with what it holds. Sessions that only keep a job from being deleted block no one.
   */
  static List<String> longHeld(Session session) {
    Map<JobId, String> jobs = new LinkedHashMap<>();
    session.sql(HELD_JOBS).list(row -> jobs.put(new JobId(row.id(6)), session(row)) == null);
    jobs.keySet().removeAll(PostgresDialect.free(session, jobs.keySet()));
    Map<String, List<String>> held = new LinkedHashMap<>();
    jobs.forEach(
        (job, holder) ->
            held.computeIfAbsent(holder, key -> new ArrayList<>()).add("running job " + job));
    session
        .sql(HELD_ROWS)
        .list(row -> held.computeIfAbsent(session(row), key -> new ArrayList<>()).add(row.text(6)));
    return held.entrySet().stream()
        .map(holder -> "%s holds %s".formatted(holder.getKey(), named(holder.getValue())))
        .toList();
  }

  private static String named(List<String> rows) {
    String first = String.join(", ", rows.subList(0, Math.min(NAMED_MAX, rows.size())));
    int more = rows.size() - NAMED_MAX;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }

  private static String session(Row row) {
    return "a transaction of process %d (user %s, application '%s', %s), open for %d s"
        .formatted(
            row.number(1),
            row.text(2),
            row.text(3),
            row.maybeText(4).orElse("state unknown"),
            Micros.toDuration(row.number(5)).toSeconds());
  }
}
