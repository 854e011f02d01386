package dev.holdfast.jdbc.store;

import dev.holdfast.QueueStatus;
import dev.holdfast.spi.Insights;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How the queue does, over JDBC. */
final class SqlInsights implements Insights {
  private final Database database;

  SqlInsights(Database database) {
    this.database = database;
  }

  @Override
  public List<QueueStatus.Node> nodes() {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> NodeRows.living(session, now));
  }

  @Override
  public Depths depths() {
    return database.read(ConnectionUse.CALLERS, DepthCounts::of);
  }

  @Override
  public Ends ends(Duration window) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> EndedJobs.ends(session, now - Micros.of(window), now));
  }

  @Override
  public Throughput throughput(Duration window, Duration bucket) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS,
        session -> EndedJobs.throughput(session, now - Micros.of(window), Micros.of(bucket), now));
  }

  @Override
  public RunTimes runTimes(Duration window) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS,
        session -> EndedJobs.runTimes(session, now - Micros.of(window), now));
  }

  @Override
  public Changes changes(Instant since, int limit) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> ChangedJobs.since(session, Micros.of(since), limit, now));
  }
}
