package dev.holdfast.jdbc.dialect;

import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.QueueRecord;
import java.util.List;
import java.util.Optional;

/** The table {@code queues}: the configuration of queues. */
public final class QueueRows {
  /** Creates the row if there is none, and holds it until the transaction ends. */
  private static final Sql HOLD =
      Sql.of(
          """
          insert into queues (name, updated_at) values (:name, :now)
              on conflict (name) do update set name = excluded.name
          """);

  private static final Sql FIND = Sql.of("select * from queues where name = :name");

  private static final Sql ALL = Sql.of("select * from queues order by name");

  private static final Sql CONFIGURE =
      Sql.of(
          """
          update queues
             set claim_order = :claim_order, band = :band, manual = :manual, allowance = 0,
                 concurrency = :concurrency, concurrency_per_group = :concurrency_per_group,
                 rate_limit = :rate_limit, rate_period_us = :rate_period_us,
                 indexed = :indexed, updated_at = :now
           where name = :name
          """);

  private static final Sql DELETE = Sql.of("delete from queues where name = :name");

  private static final Sql RESTORE_PAUSE =
      Sql.of("update queues set paused_at = :since, paused_by = :by where name = :name");

  private static final Sql PAUSE =
      Sql.of(
          """
          update queues set paused_at = :now, paused_by = :by, updated_at = :now
           where name = :name and paused_at is null
          """);

  private static final Sql RESUME =
      Sql.of(
          """
          update queues set paused_at = null, paused_by = null, updated_at = :now
           where name = :name and paused_at is not null
          """);

  private static final Sql LANES = Sql.of("select id from lanes where queue = :name");

  /** A place before all jobs of a lane. */
  private static final Place HEAD = new Place(Long.MIN_VALUE, Long.MIN_VALUE);

  private QueueRows() {}

  public static List<QueueRow> all(Session session) {
    return session.sql(ALL).list(QueueRow::of);
  }

  public static QueueRow get(Session session, String queue) {
    return find(session, queue).orElseGet(() -> QueueRow.unsaid(queue));
  }

  public static Optional<QueueRow> find(Session session, String queue) {
    return session.sql(FIND).set("name", queue).first(QueueRow::of);
  }

  /** Returns the row, held until the transaction ends. */
  public static QueueRow hold(Tx tx, String queue) {
    tx.sql(HOLD).set("name", queue).set("now", tx.now()).update();
    return find(tx, queue).orElseThrow();
  }

  public static void write(Tx tx, String queue, QueueSettings settings, int band) {
    tx.sql(CONFIGURE)
        .set("name", queue)
        .set("claim_order", settings.order().name())
        .set("band", band)
        .set("manual", settings.manual() ? 1 : 0)
        .set("concurrency", settings.concurrency())
        .set("concurrency_per_group", settings.concurrencyPerGroup())
        .set("rate_limit", settings.rate().map(Rate::starts))
        .set("rate_period_us", settings.rate().map(rate -> Micros.of(rate.period())))
        .set("indexed", FieldIndexes.written(settings.indexedFields()))
        .set("now", tx.now())
        .update();
    FieldIndexes.name(tx, queue, settings.indexedFields());
  }

  /**
   * Writes queues with their settings.
   *
   * @param isCopy whether to overwrite existing rows; else they are left unchanged
   */
  public static int load(Tx tx, List<QueueRecord> queues, boolean isCopy) {
    int loaded = 0;
    for (QueueRecord queue : queues) {
      if (isCopy) {
        tx.sql(DELETE).set("name", queue.name()).update();
      }
      if (find(tx, queue.name()).isEmpty()) {
        hold(tx, queue.name());
        int band = isCopy ? queue.band() : bandBeside(queue.settings());
        write(tx, queue.name(), queue.settings(), band);
        queue.paused().ifPresent(pause -> restorePause(tx, queue.name(), pause));
        if (QueueRow.isCounted(queue.settings())) {
          Permits.countRunningOfQueue(tx, queue.name());
        }
        loaded++;
      }
    }
    return loaded;
  }

  /**
   * Returns the band for these settings. Jobs that were enqueued before their queue was configured
   * are in the first band.
   */
  private static int bandBeside(QueueSettings settings) {
    return Ranking.isPlain(settings.order(), 0) ? 0 : Ranking.next(0);
  }

  private static void restorePause(Tx tx, String queue, QueuePause pause) {
    tx.sql(RESTORE_PAUSE)
        .set("name", queue)
        .set("since", Micros.of(pause.since()))
        .set("by", pause.by())
        .update();
  }

  public static boolean pause(Tx tx, String queue, String by) {
    hold(tx, queue);
    tx.postCommit().add(Signal.QUEUES);
    return tx.sql(PAUSE).set("name", queue).set("by", by).set("now", tx.now()).update() == 1;
  }

  /** Ends a pause. No job was claimed meanwhile, so all count as new arrivals. */
  public static boolean resume(Tx tx, String queue) {
    boolean resumed = tx.sql(RESUME).set("name", queue).set("now", tx.now()).update() == 1;
    if (resumed) {
      tx.postCommit().add(Signal.QUEUES);
      tx.postCommit().add(Signal.WORK);
      tx.sql(LANES)
          .set("name", queue)
          .list(row -> row.number(1))
          .forEach(lane -> tx.postCommit().arrived(lane, HEAD));
    }
    return resumed;
  }
}
