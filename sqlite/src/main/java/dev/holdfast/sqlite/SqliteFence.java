package dev.holdfast.sqlite;

import dev.holdfast.jdbc.store.Sql;
import java.util.ArrayList;
import java.util.List;

/** Triggers that hold all writers off a queue that moves. */
final class SqliteFence {
  static final Sql EXISTS =
      Sql.of("select count(*) from sqlite_schema where type = 'table' and name = 'queue_move'");

  private static final List<String> TABLES =
      List.of(
          "jobs",
          "job_payloads",
          "job_progress",
          "job_events",
          "job_logs",
          "job_checkpoints",
          "job_waits",
          "idempotency_keys",
          "nodes",
          "queues",
          "queue_shares",
          "schedules",
          "schedule_fires",
          "type_limits",
          "holds");

  private static final List<String> WRITES = List.of("insert", "update", "delete");

  private static final Sql TABLE =
      Sql.of(
          """
          create table queue_move (
            direction text    not null,
            address   text    not null,
            message   text    not null,
            filling   integer not null
          ) strict
          """);

  private static final String TRIGGER =
      """
      create trigger queue_move_%1$s_%2$s before %2$s on %1$s
        when (select filling from queue_move) = 0
      begin
        select raise(abort, (select message from queue_move));
      end
      """;

  static final List<Sql> CREATE = create();
  static final List<Sql> DROP = drop();

  private SqliteFence() {}

  private static List<Sql> create() {
    List<Sql> statements = new ArrayList<>(List.of(TABLE));
    for (String table : TABLES) {
      WRITES.forEach(write -> statements.add(Sql.of(TRIGGER.formatted(table, write))));
    }
    return List.copyOf(statements);
  }

  private static List<Sql> drop() {
    List<Sql> statements = new ArrayList<>();
    for (String table : TABLES) {
      WRITES.forEach(
          write ->
              statements.add(Sql.of("drop trigger if exists queue_move_" + table + "_" + write)));
    }
    statements.add(Sql.of("drop table queue_move"));
    return List.copyOf(statements);
  }
}
