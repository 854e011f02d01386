package dev.holdfast.cli.health;

import dev.holdfast.Metrics;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.SeriesJson;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.Series.Times;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast metrics}. */
@Command(
    name = "metrics",
    header = "Shows how many jobs came and ended, and how long they waited and ran.",
    description =
        "%nFigures are kept by the minute for 2 days and by the hour for 30. Percentiles are"
            + " within 7 %% of the true values.")
public final class MetricsCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "How far back, such as 30m, 24h or 7d. Default: 1h.")
  private Duration since = Duration.ofHours(1);

  @Option(names = "--queue", paramLabel = "QUEUE", description = "Only this queue.")
  private @Nullable String queue;

  @Option(names = "--type", paramLabel = "TYPE", description = "Only this type.")
  private @Nullable String type;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "queue or type: one line for each. Default: type, in addition to the total.")
  private By by = By.TYPE;

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object with the figures of each step.")
  private boolean isJson;

  public MetricsCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      return watch.show(console, isJson, shown -> show(opened.queue().metrics(), shown));
    }
  }

  private void show(Metrics metrics, Console shown) {
    Instant now = console.time().now();
    SeriesQuery query = SeriesQuery.between(now.minus(since), now, now);
    query = queue == null ? query : query.queue(queue);
    query = type == null ? query : query.type(type);
    SeriesQuery split = query.by(by);
    List<Series> series = metrics.series(split);
    if (isJson) {
      shown.line(Json.write(SeriesJson.of(split, series)));
    } else {
      table(metrics.series(query).get(0).total(), series).print(shown);
    }
  }

  private Table table(Point total, List<Series> series) {
    Table table =
        new Table(
                by == By.QUEUE ? "QUEUE" : "TYPE",
                "ENQUEUED",
                "COMPLETED",
                "FAILED",
                "RETRIED",
                "CANCELLED",
                "PER MINUTE",
                "SUCCESS",
                "WAIT P50",
                "WAIT P99",
                "RUN P50",
                "RUN P90",
                "RUN P95",
                "RUN P99",
                "DEPTH",
                "OLDEST")
            .givingWay(
                "RUN P90", "RUN P95", "CANCELLED", "RETRIED", "WAIT P50", "RUN P50", "SUCCESS");
    if (by != By.NOTHING) {
      for (Series one : series) {
        add(table, one.queue().or(one::type).orElse("all"), one.total());
      }
    }
    add(table, "all", total);
    return table;
  }

  private void add(Table table, String name, Point point) {
    Counts counts = point.counts();
    long ended = counts.completed() + counts.failed();
    double minutes = since.toSeconds() / 60.0;
    table.add(
        name,
        number(counts.enqueued()),
        number(counts.completed()),
        number(counts.failed()),
        number(counts.retried()),
        number(counts.cancelled()),
        String.format(Locale.ROOT, "%.1f", (ended + counts.cancelled()) / minutes),
        ended == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * counts.completed() / ended),
        point.waited().map(times -> text(times.p50())).orElse(""),
        point.waited().map(times -> text(times.p99())).orElse(""),
        text(point.ran().map(Times::p50)),
        text(point.ran().map(Times::p90)),
        text(point.ran().map(Times::p95)),
        text(point.ran().map(Times::p99)),
        point.depth().map(depth -> number(depth.pending())).orElse(""),
        text(point.depth().map(Depth::oldest)));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String text(Optional<Duration> duration) {
    return duration.map(MetricsCommand::text).orElse("");
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
