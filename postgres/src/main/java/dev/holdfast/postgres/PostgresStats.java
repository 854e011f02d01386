package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.OldestTransaction;
import dev.holdfast.spi.upkeep.Relation;
import dev.holdfast.spi.upkeep.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sizes of this queue's tables and indexes, and what the server knows about them. */
final class PostgresStats {
  private static final Sql SPACE =
      Sql.of(
          """
          select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint,
                 coalesce(sum(s.n_dead_tup), 0)::bigint,
                 coalesce(max(pg_total_relation_size(c.oid)), 0)::bigint
            from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
           where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
          """);

  private static final Sql RELATIONS =
      Sql.of(
          """
          select c.relname, coalesce(t.relname, c.relname), pg_table_size(c.oid), s.n_dead_tup
            from pg_class c
            left join pg_index i on i.indexrelid = c.oid
            left join pg_class t on t.oid = i.indrelid
            left join pg_stat_user_tables s on s.relid = c.oid
           where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'i')
           order by 3 desc, 1
          """);

  private static final Sql OLDEST =
      Sql.of(
          """
          select * from (
            select format('process %s (user %s, application ''%s'', %s, from %s)', a.pid,
                          coalesce(a.usename, '?'), coalesce(a.application_name, ''),
                          coalesce(a.state, 'state unknown'),
                          coalesce(host(a.client_addr), 'a local socket')) as who,
                   (extract(epoch from clock_timestamp() - a.xact_start) * 1000000)::bigint as age
              from pg_stat_activity a
             where a.datname = current_database() and a.pid <> pg_backend_pid()
               and a.backend_type = 'client backend' and a.xact_start is not null
            union all
            select format('the prepared transaction ''%s'' of user %s', p.gid, p.owner),
                   (extract(epoch from clock_timestamp() - p.prepared) * 1000000)::bigint
              from pg_prepared_xacts p where p.database = current_database()) as open
           order by age desc limit 1
          """);

  private static final Sql SEES_ALL =
      Sql.of("select pg_has_role('pg_read_all_stats', 'usage')::int");

  private static final Sql MAY_SEE_LOG =
      Sql.of("select has_function_privilege('pg_ls_waldir()', 'execute')::int");

  private static final Sql LOG_BYTES =
      Sql.of("select coalesce(sum(size), 0)::bigint from pg_ls_waldir()");

  private PostgresStats() {}

  /** Returns the space of all tables with their indexes. */
  static Space space(Session session) {
    return session
        .sql(SPACE)
        .first(row -> new Space(row.number(1), Optional.empty(), Optional.of(row.number(2))))
        .orElseThrow();
  }

  /** Returns the size of the largest table: one is copied at a time. */
  static long bytesToRebuild(Session session) {
    return session.sql(SPACE).first(row -> row.number(3)).orElse(0L);
  }

  static DatabaseStats read(Session session) {
    List<String> notes = new ArrayList<>();
    notes.add("dead rows are PostgreSQL's own running estimates");
    Optional<Long> logBytes = logBytes(session);
    if (logBytes.isEmpty()) {
      notes.add("the size of the write-ahead log is missing: it needs the role pg_monitor");
    }
    if (session.sql(SEES_ALL).number() == 0) {
      notes.add(
          "the oldest transaction is one of this user alone: others need the role pg_monitor");
    }
    return new DatabaseStats(
        space(session),
        logBytes,
        bytesToRebuild(session),
        session.sql(RELATIONS).list(PostgresStats::relation),
        session
            .sql(OLDEST)
            .first(
                row ->
                    new OldestTransaction(Micros.toDuration(row.number("age")), row.text("who"))),
        List.of(),
        notes);
  }

  private static Optional<Long> logBytes(Session session) {
    return session.sql(MAY_SEE_LOG).number() == 1
        ? Optional.of(session.sql(LOG_BYTES).number())
        : Optional.empty();
  }

  private static Relation relation(Row row) {
    return new Relation(row.text(1), row.text(2), row.number(3), false, row.maybeNumber(4));
  }
}
