package dev.holdfast.jdbc.store;

import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RecoveryRecord.Cause;
import dev.holdfast.RecoveryRecord.Jobs;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Rescue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recoveries, written by the transactions that take jobs over: one row for each death, however many
 * transactions that takes.
 */
final class RecoveryRows {
  /** The time for which they are kept. */
  static final Duration KEPT = Duration.ofDays(30);

  /** The number that is kept; a process that dies every second would make more. */
  static final int KEPT_MAX = 100_000;

  /** In the place of the heartbeats of a node that is proven dead. */
  private static final long PROVEN = -2;

  private static final Sql ADD =
      Sql.of(
          """
          insert into recoveries
            (node, heartbeats, at, node_name, host, cause, why, noticed_us, resumed, held, failed,
             returned, crash_loops, by_whom)
          values
            (:node, :heartbeats, :now, (select n.name from nodes n where n.id = :node),
             (select n.host from nodes n where n.id = :node), :cause, :why,
             (select :now - n.heartbeat_at from nodes n where n.id = :node), :resumed, :held,
             :failed, :returned, :crash_loops, :by_whom)
          on conflict (node, heartbeats) do update
             set resumed = recoveries.resumed + excluded.resumed,
                 held = recoveries.held + excluded.held,
                 failed = recoveries.failed + excluded.failed,
                 returned = recoveries.returned + excluded.returned,
                 crash_loops = recoveries.crash_loops + excluded.crash_loops
          """);

  private static final Sql NEWEST =
      Sql.of(
          """
          select * from recoveries where number < :before order by number desc limit :limit
          """);

  private static final Sql FORGET =
      Sql.of(
          """
          delete from recoveries
           where number in (select number from recoveries order by number limit :limit)
             and (at < :before
                  or number <= (select max(number) from recoveries) - :most)
          """);

  private RecoveryRows() {}

  /** Adds what was taken over from dead nodes. */
  static void add(Tx tx, List<Rescue> done, String by) {
    Map<Death, Jobs> byDeath = new LinkedHashMap<>();
    for (Rescue rescue : done) {
      rescue.death().ifPresent(death -> byDeath.merge(death, rescue.counted(), Jobs::plus));
    }
    byDeath.forEach((death, jobs) -> add(tx, death, jobs, by));
  }

  /** Adds the death of a node, which may have held nothing. */
  static void add(Tx tx, Death death, Jobs jobs, String by) {
    tx.sql(ADD)
        .set("node", death.node())
        .set("heartbeats", death.heartbeats().orElse(PROVEN))
        .set("now", tx.now())
        .set("cause", death.recoveryCause().name())
        .set("why", death.cause())
        .set("resumed", jobs.resumed())
        .set("held", jobs.held())
        .set("failed", jobs.failed())
        .set("returned", jobs.returned())
        .set("crash_loops", jobs.crashLoops())
        .set("by_whom", by)
        .update();
  }

  /** Returns the newest ones before this number. */
  static List<RecoveryRecord> newest(Session session, Optional<Long> before, int limit) {
    return session
        .sql(NEWEST)
        .set("before", before.orElse(Long.MAX_VALUE))
        .set("limit", limit)
        .list(RecoveryRows::record);
  }

  private static RecoveryRecord record(Row row) {
    return new RecoveryRecord(
        row.number("number"),
        Micros.toInstant(row.number("at")),
        new NodeId(row.id("node")),
        row.maybeText("node_name"),
        row.maybeText("host"),
        Cause.valueOf(row.text("cause")),
        row.text("why"),
        row.maybeNumber("noticed_us").map(micros -> Micros.toDuration(Math.max(0, micros))),
        new Jobs(
            row.number("resumed"),
            row.number("held"),
            row.number("failed"),
            row.number("returned"),
            row.number("crash_loops")),
        row.text("by_whom"));
  }

  /** Removes those that are too old or too many, at most so many. */
  static int forget(Tx tx, int limit) {
    return tx.sql(FORGET)
        .set("before", tx.now() - Micros.of(KEPT))
        .set("most", KEPT_MAX)
        .set("limit", limit)
        .update();
  }
}
