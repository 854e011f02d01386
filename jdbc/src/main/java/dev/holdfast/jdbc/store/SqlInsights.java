package dev.holdfast.jdbc.store;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.QueueStatus;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.search.FacetCounts;
import dev.holdfast.jdbc.series.ChangedJobs;
import dev.holdfast.jdbc.series.DepthCounts;
import dev.holdfast.jdbc.series.EndedJobs;
import dev.holdfast.jdbc.series.SqlTimeSeries;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.FailureStore;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobFacets;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Statistics over JDBC. */
final class SqlInsights implements Insights {
  private final Database database;
  private final SqlTimeSeries timeSeries;
  private final SqlFailures failures;

  SqlInsights(Database database, Dialect dialect) {
    this.database = database;
    this.timeSeries = new SqlTimeSeries(database);
    this.failures = new SqlFailures(database, dialect);
  }

  @Override
  public Optional<Situation> situation(JobId id) {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> Situations.of(session, id, now));
  }

  @Override
  public QueueStatus status(Duration stuckAfter) {
    QueueStatus.Database described = database.describe();
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> Health.status(session, stuckAfter, now, described));
  }

  @Override
  public JobFacets facets(JobFilter filter) {
    filter.checkOrder();
    JobFilter dated = filter.at(Micros.toInstant(database.now()));
    return database.read(ConnectionUse.CALLERS, session -> FacetCounts.of(session, dated));
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
  public FailureStore failures() {
    return failures;
  }

  @Override
  public TimeSeries timeSeries() {
    return timeSeries;
  }

  @Override
  public Changes changes(Instant since, int limit) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> ChangedJobs.since(session, Micros.of(since), limit, now));
  }
}
