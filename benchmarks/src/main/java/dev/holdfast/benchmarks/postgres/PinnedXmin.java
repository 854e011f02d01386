package dev.holdfast.benchmarks.postgres;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.benchmarks.load.Backlog;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Transition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures full load, with a producer and a worker, while another session holds a snapshot, so that
 * dead rows cannot be vacuumed. It compares the first seconds with the last, on the bare engine and
 * on Holdfast.
 */
final class PinnedXmin {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final int PART_SECONDS_MAX = 30;
  private static final int WARM_UP_SECONDS = 10;
  private static final int BACKLOG = 20_000;

  private final Databases databases;
  private final Options options;
  private final int seconds;

  PinnedXmin(Databases databases, Options options) {
    this.databases = databases;
    this.options = options;
    this.seconds = (int) options.time(TIME).toSeconds();
  }

  void run() throws Exception {
    int part = Math.max(1, Math.min(PART_SECONDS_MAX, seconds / 3));
    Table table =
        new Table("", "first %d s, jobs/s".formatted(part), "last %d s".formatted(part), "kept");
    double raw = row(table, "raw, with the same mark", part, raw(databases.fresh("pinned")));
    double ours = row(table, "Holdfast", part, holdfast(databases.fresh("pinned")));
    databases.drop("pinned");
    System.out.printf(
        Locale.ROOT,
        "%n### Pinned xmin, %d s at full load%n%s%n%nThe whole time: Holdfast %.2f × raw%n",
        seconds,
        table,
        ours / raw);
  }

  private static double row(Table table, String name, int part, double[] perSecond) {
    double first = mean(Arrays.copyOf(perSecond, part));
    double last = mean(Arrays.copyOfRange(perSecond, perSecond.length - part, perSecond.length));
    table.row(
        name,
        String.format(Locale.ROOT, "%,.0f", first),
        String.format(Locale.ROOT, "%,.0f", last),
        String.format(Locale.ROOT, "%.2f", last / first));
    return mean(perSecond);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** One connection inserts, the other completes and claims. */
  private double[] raw(String address) throws Exception {
    RawPostgres.makeSchema(address);
    Backlog backlog = new Backlog(BACKLOG);
    double[] perSecond;
    try (RawPostgres inserts = new RawPostgres(address);
        RawPostgres works = new RawPostgres(address)) {
      FutureTask<Void> worker = new FutureTask<>(() -> work(works, backlog), null);
      Thread thread = new Thread(worker, "worker");
      try (Backlog.Producer producer = backlog.produce(Raw.BATCH, () -> inserts.copy(Raw.BATCH))) {
        thread.start();
        perSecond = watch(address, backlog, producer);
      } finally {
        thread.interrupt();
        worker.get();
      }
    }
    Counted.check(backlog.done(), RawPostgres.count(address, "COMPLETED"));
    return perSecond;
  }

  private static void work(RawPostgres raw, Backlog backlog) {
    try {
      List<RawPostgres.Claimed> last = List.of();
      while (!Thread.currentThread().isInterrupted()) {
        List<RawPostgres.Claimed> next = raw.exchange(last, Raw.BATCH);
        backlog.done(last.size());
        last = next;
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("the worker failed", failure);
    }
  }

  private double[] holdfast(String address) throws Exception {
    Backlog backlog = new Backlog(BACKLOG);
    double[] perSecond;
    try (Holdfast holdfast = Holdfast.open(address)) {
      holdfast.handle(HoldfastLoad.TYPE, Object.class, (payload, job) -> null);
      holdfast.onAcknowledged((ended, stale) -> backlog.done(completed(ended) - stale.size()));
      holdfast.start(NodeConfig.defaults().concurrency(options.slots()));
      try (Backlog.Producer producer =
          backlog.produce(
              HoldfastLoad.BATCH, () -> HoldfastLoad.load(holdfast, HoldfastLoad.BATCH))) {
        perSecond = watch(address, backlog, producer);
      }
    }
    Counted.check(backlog.done(), RawPostgres.count(address, "COMPLETED"));
    return perSecond;
  }

  /**
   * Returns the number of completions; at its end the worker also gives back jobs that it had
   * claimed ahead.
   */
  private static int completed(List<Acknowledgement> ended) {
    return (int)
        ended.stream().filter(end -> end.transition().kind() == Transition.Kind.COMPLETE).count();
  }

  /**
   * Warms up, takes the snapshot, and returns the number of jobs done in each second from then on.
   */
  private double[] watch(String address, Backlog backlog, Backlog.Producer producer)
      throws SQLException {
    park(WARM_UP_SECONDS);
    try (Connection report = DriverManager.getConnection(address)) {
      pinSnapshot(report);
      double[] perSecond = new double[seconds];
      long done = backlog.done();
      long since = System.nanoTime();
      for (int second = 0; second < seconds && producer.isAlive(); second++) {
        park(1);
        long doneNow = backlog.done();
        long now = System.nanoTime();
        perSecond[second] = (doneNow - done) * 1e9 / (now - since);
        done = doneNow;
        since = now;
      }
      return perSecond;
    }
  }

  private static void pinSnapshot(Connection report) throws SQLException {
    report.setAutoCommit(false);
    report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = report.createStatement()) {
      statement.execute("select count(*) from pg_class");
    }
  }

  private static void park(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
