package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.RunNext;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import java.util.List;
import java.util.Optional;

/** Queues in manual mode: claims take from them what is allowed, one job at a time. */
final class ManualMode {
  private static final Sql PENDING =
      Sql.of(
          """
          select count(*) from
            (select 1 from (select id from lanes where queue = :queue union all select 0) l
               join jobs j on j.state = 'PENDING' and j.lane = l.id and j.queue = :queue
              limit :limit) as waiting
          """);

  private static final Sql FIRST =
      Sql.of(
          """
          select id from jobs
           where id in (select (select j.id from jobs j
                                 where j.state = 'PENDING' and j.lane = l.id and j.queue = :queue
                                 order by j.rank, j.run_at, j.id limit 1)
                          from (select id from lanes where queue = :queue union all select 0) l)
           order by rank, run_at, id limit 1
          """);

  private static final Sql RUNNING =
      Sql.of("select id from jobs where state = 'RUNNING' and queue = :queue limit :limit");

  private static final Sql ALLOW =
      Sql.of("update queues set allowance = 1, updated_at = :now where name = :queue");

  private static final int NAMED_MAX = 100;

  private final Dialect dialect;

  ManualMode(Dialect dialect) {
    this.dialect = dialect;
  }

  RunNext next(Tx tx, String queue) {
    dialect.holdLimits(tx, List.of(queue), List.of());
    Optional<QueueRow> row = QueueRows.find(tx, queue);
    if (row.filter(found -> found.settings().manual()).isEmpty()) {
      throw new ConflictException(
          "queue '%s' is not in manual mode, its jobs run by themselves: holdfast queues set %s --manual"
              .formatted(queue, queue));
    }
    long pending = tx.sql(PENDING).set("queue", queue).set("limit", RunNext.PENDING_MAX).number();
    List<JobId> running = running(tx, queue);
    if (!running.isEmpty()) {
      return new RunNext(false, running, pending, "a job of queue '%s' runs".formatted(queue));
    }
    Optional<JobId> first =
        tx.sql(FIRST).set("queue", queue).first(found -> new JobId(found.id(1)));
    if (first.isEmpty()) {
      return new RunNext(false, List.of(), 0, "no job of queue '%s' waits".formatted(queue));
    }
    if (row.get().allowance() > 0) {
      return new RunNext(
          false, List.of(), pending, "one was let go before, and no worker has taken it yet");
    }
    tx.sql(ALLOW).set("queue", queue).set("now", tx.now()).update();
    tx.postCommit().add(Signal.WORK);
    return new RunNext(true, List.of(first.get()), pending, whoTakes(tx, queue));
  }

  private static List<JobId> running(Session session, String queue) {
    return session
        .sql(RUNNING)
        .set("queue", queue)
        .set("limit", NAMED_MAX)
        .list(row -> new JobId(row.id(1)));
  }

  private static String whoTakes(Tx tx, String queue) {
    boolean isServed =
        NodeRows.living(tx, tx.now()).stream()
            .anyMatch(node -> node.alive() && node.servesQueue(queue));
    return isServed
        ? "it runs with the next free worker"
        : "no living node serves queue '%s': it runs when one does".formatted(queue);
  }
}
