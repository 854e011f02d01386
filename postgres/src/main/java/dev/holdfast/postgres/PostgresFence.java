package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Sql;
import java.util.List;

/** The fence around a queue that moves: its triggers are always there, see migration 14. */
final class PostgresFence {
  /** The error of a refused write: Holdfast's own class. */
  static final String REFUSED = "HF001";

  private static final List<String> TABLES =
      List.of(
          "jobs",
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

  /**
   * Takes all locks at once and in one order, so that a writer and the fence don't wait in turns. A
   * statement takes the lock of its table before its triggers run, so one that had to wait here
   * finds the fence.
   */
  static final Sql HOLD_WRITERS =
      Sql.of("lock table " + String.join(", ", TABLES) + " in share row exclusive mode");

  private PostgresFence() {}
}
