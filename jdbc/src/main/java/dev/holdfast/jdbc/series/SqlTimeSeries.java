package dev.holdfast.jdbc.series;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.series.SampleFold.Span;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.series.Recent;
import dev.holdfast.spi.series.SeriesAssembly;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Figures over time, over JDBC. */
public final class SqlTimeSeries implements TimeSeries {
  /** The pause between two steps, so that other writers get their turn. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final Sql READ =
      Sql.of(
          """
          select * from samples
           where span_us = :span_us and queue = :queue and type = :type
             and at >= :since and at < :until
          """);

  private static final Sql READ_BY_QUEUE =
      Sql.of(
          """
          select * from samples
           where span_us = :span_us and at >= :since and at < :until and type = :type
          """);

  private static final Sql READ_BY_TYPE =
      Sql.of(
          """
          select * from samples
           where span_us = :span_us and queue = :queue and at >= :since and at < :until
          """);

  private static final Sql READ_RECENT =
      Sql.of("select * from samples where span_us = :span_us and at >= :since");

  private static final Sql READ_DEPTHS =
      Sql.of(
          """
          select * from depth_samples
           where span_us = :span_us and queue = :queue and at >= :since and at < :until
          """);

  private static final Sql READ_ALL_DEPTHS =
      Sql.of(
          """
          select * from depth_samples where span_us = :span_us and at >= :since and at < :until
          """);

  private final Database database;

  public SqlTimeSeries(Database database) {
    this.database = database;
  }

  @Override
  public Duration fold() {
    long now = database.now();
    boolean isMore = false;
    if (database.read(ConnectionUse.DUTIES, session -> DepthSamples.isDue(session, now))) {
      Map<String, Depth> depths =
          database.read(ConnectionUse.DUTIES, session -> DepthSamples.count(session, now));
      isMore =
          database.write(
              ConnectionUse.DUTIES, tx -> DepthSamples.put(tx, depths) && SampleFold.forget(tx));
    }
    if (database.read(ConnectionUse.DUTIES, SampleFold::isDue)) {
      isMore |= database.write(ConnectionUse.DUTIES, tx -> SampleFold.fold(tx));
    }
    if (database.read(ConnectionUse.DUTIES, session -> JobCount.isDue(session, now))
        && database.write(ConnectionUse.DUTIES, tx -> JobCount.takeTurn(tx))) {
      countJobs(now);
    }
    return isMore ? PAUSE : FOLD_INTERVAL;
  }

  private void countJobs(long began) {
    JobCount.Step counted = JobCount.begin();
    while (counted.last().isPresent()) {
      JobCount.Step before = counted;
      counted = database.read(ConnectionUse.DUTIES, session -> JobCount.next(session, before));
    }
    long jobs = counted.jobs();
    database.write(
        ConnectionUse.DUTIES,
        tx -> {
          JobCount.put(tx, jobs, began);
          return true;
        });
  }

  @Override
  public List<Series> read(SeriesQuery query) {
    SeriesAssembly assembly = new SeriesAssembly(query, Micros.toInstant(database.now()));
    Span span = query.isByTheHour() ? Span.HOUR : Span.MINUTE;
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          samples(session, query, span, assembly)
              .list(
                  row -> {
                    assembly.add(
                        SampleRows.key(row),
                        Micros.toInstant(row.number("at")),
                        SampleRows.sample(row));
                    return true;
                  });
          if (assembly.hasDepths()) {
            depths(session, query, span, assembly)
                .list(
                    row -> {
                      assembly.add(
                          row.text("queue"),
                          Micros.toInstant(row.number("at")),
                          SampleRows.depth(row));
                      return true;
                    });
          }
          return assembly.assemble();
        });
  }

  @Override
  public Recent recent(int minutes) {
    long now = database.now();
    long since = Span.MINUTE.start(now) - minutes * Span.MINUTE.micros();
    Recent.Builder sums = new Recent.Builder();
    database.read(
        ConnectionUse.CALLERS,
        session ->
            session
                .sql(READ_RECENT)
                .set("span_us", Span.MINUTE.micros())
                .set("since", since)
                .list(
                    row -> {
                      sums.add(SampleRows.key(row), SampleRows.sample(row));
                      return true;
                    }));
    return sums.build(Micros.toInstant(since), Micros.toInstant(now));
  }

  private static Bound samples(
      Session session, SeriesQuery query, Span span, SeriesAssembly assembly) {
    if (assembly.storedQueue().isEmpty()) {
      return within(session.sql(READ_BY_QUEUE), query, span)
          .set("type", assembly.storedType().orElse(SeriesAssembly.ALL));
    }
    if (assembly.storedType().isEmpty()) {
      return within(session.sql(READ_BY_TYPE), query, span)
          .set("queue", assembly.storedQueue().get());
    }
    return within(session.sql(READ), query, span)
        .set("queue", assembly.storedQueue().get())
        .set("type", assembly.storedType().get());
  }

  private static Bound depths(
      Session session, SeriesQuery query, Span span, SeriesAssembly assembly) {
    return assembly
        .storedQueue()
        .map(queue -> within(session.sql(READ_DEPTHS), query, span).set("queue", queue))
        .orElseGet(() -> within(session.sql(READ_ALL_DEPTHS), query, span));
  }

  /** The first step may begin before the range. */
  private static Bound within(Bound read, SeriesQuery query, Span span) {
    long step = Micros.of(query.step());
    return read.set("span_us", span.micros())
        .set("since", Math.floorDiv(Micros.of(query.from()), step) * step)
        .set("until", Micros.of(query.to()));
  }
}
