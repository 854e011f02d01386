package dev.holdfast.postgres;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts that the server reports about itself. */
final class Observation {
  private static final Sql SIZE =
      Sql.of(
          """
          select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'holdfast' and c.relkind = 'r'
          """);

  private static final Sql SETTINGS =
      Sql.of(
          """
          select name, setting from pg_settings
           where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes',
                          'synchronous_standby_names')
           order by name
          """);

  /**
   * Selects transactions that keep vacuum from removing dead rows: the longer they stay open, the
   * more the queue's indexes grow, and claims from their head become slow.
   */
  private static final Sql PINNING =
      Sql.of(
          """
          select a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), a.state,
                 (extract(epoch from clock_timestamp() - a.xact_start) * 1000000)::bigint
            from pg_stat_activity a
           where a.datname = current_database() and a.pid <> pg_backend_pid()
             and a.backend_xmin is not null and a.xact_start < clock_timestamp() - interval '1 minute'
           order by a.xact_start limit 5
          """);

  private static final Sql PREPARED =
      Sql.of(
          """
          select gid, (extract(epoch from clock_timestamp() - prepared) * 1000000)::bigint
            from pg_prepared_xacts
           where database = current_database() and prepared < clock_timestamp() - interval '1 minute'
           order by prepared limit 5
          """);

  private final PostgresAddress address;
  private final Pools pools;
  private final Failovers failovers;

  Observation(PostgresAddress address, Pools pools, Failovers failovers) {
    this.address = address;
    this.pools = pools;
    this.failovers = failovers;
  }

  QueueStatus.Database describe(Session session) {
    Map<String, String> settings = new LinkedHashMap<>();
    session.sql(SETTINGS).list(row -> settings.put(row.text(1), row.text(2)) == null);
    settings.put("pooled", Boolean.toString(pools.pooled()));
    if (failovers.lost() > 0) {
      settings.put("lost_jobs", Long.toString(failovers.lost()));
    }
    pinning(session).ifPresent(text -> settings.put("pinned", text));
    RowHolders.longHeld(session).stream()
        .findFirst()
        .ifPresent(text -> settings.put("rows_held", text));
    return new QueueStatus.Database(
        "postgresql", address.name(), session.sql(SIZE).number(), settings);
  }

  private Optional<String> pinning(Session session) {
    return session.sql(PINNING).first(Observation::session);
  }

  List<Finding> examine(Session session) {
    List<Finding> findings = new ArrayList<>();
    for (String held : RowHolders.longHeld(session)) {
      findings.add(
          new Finding(
              Finding.Gravity.WARNING,
              "rows-held",
              "jobs wait for rows that others hold: " + held,
              "end that transaction; to force it: select pg_terminate_backend(its pid)"));
    }
    for (String pinning : session.sql(PINNING).list(Observation::session)) {
      findings.add(
          new Finding(
              Finding.Gravity.WARNING,
              "vacuum-pinned",
              "no vacuum can remove dead rows since it began: " + pinning,
              "end that transaction; to force it: select pg_terminate_backend(its pid)"));
    }
    for (String prepared : session.sql(PREPARED).list(Observation::prepared)) {
      findings.add(
          new Finding(
              Finding.Gravity.WARNING,
              "vacuum-pinned",
              "no vacuum can remove dead rows since it was prepared: " + prepared,
              "commit prepared or rollback prepared it"));
    }
    if (settingIsOff(session, "fsync") || settingIsOff(session, "full_page_writes")) {
      findings.add(
          new Finding(
              Finding.Gravity.ERROR,
              "not-durable",
              "fsync or full_page_writes is off: a power cut can destroy the database",
              "set both to on in postgresql.conf and restart the server"));
    }
    if (settingIsOff(session, "synchronous_commit")) {
      findings.add(
          new Finding(
              Finding.Gravity.WARNING,
              "not-durable",
              "synchronous_commit is off: a crash can lose the last moments of acknowledged jobs",
              "alter database … set synchronous_commit = on"));
    }
    return findings;
  }

  private static boolean settingIsOff(Session session, String name) {
    return session
        .sql(SETTINGS)
        .list(row -> row.text(1).equals(name) && row.text(2).equals("off"))
        .contains(true);
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

  private static String prepared(Row row) {
    return "the prepared transaction '%s', %d s ago"
        .formatted(row.text(1), Micros.toDuration(row.number(2)).toSeconds());
  }
}
