package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers that reject all writes to a queue that moves. They are created and dropped with the
 * fence, in its transaction, as permanent ones would cost every write; creating them keeps no one
 * waiting.
 */
final class SqliteFence {
  private static final List<String> TABLES =
      List.of(
          "jobs",
          "job_payloads",
          "job_fields",
          "job_progress",
          "job_events",
          "job_logs",
          "job_checkpoints",
          "job_steps",
          "job_lapses",
          "job_waits",
          "job_signals",
          "idempotency_keys",
          "nodes",
          "queues",
          "queue_shares",
          "schedules",
          "schedule_fires",
          "type_limits",
          "holds");

  private static final List<String> WRITES = List.of("insert", "update", "delete");

  private static final String TRIGGER =
      """
      create trigger if not exists queue_move_%1$s_%2$s before %2$s on %1$s
        when (select filling from queue_move) = 0
      begin
        select raise(abort, (select message from queue_move));
      end
      """;

  static final List<Sql> CREATE = create();
  static final List<Sql> DROP = drop();

  private SqliteFence() {}

  private static List<Sql> create() {
    List<Sql> statements = new ArrayList<>();
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
    return List.copyOf(statements);
  }
}
