package dev.holdfast.cli.failures;

import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Failures;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.FailureReportJson;
import dev.holdfast.search.FailureQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast failures}. */
@Command(
    name = "failures",
    header = "Shows dead letters, grouped by the reason of their failure.",
    description =
        "%nJobs of a type belong together if their messages differ only in numbers, ids, quoted"
            + " parts and paths.")
public final class FailuresCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--queue", paramLabel = "QUEUE", description = "Only jobs of this queue.")
  private @Nullable String queue;

  @Option(names = "--type", paramLabel = "TYPE", description = "Only jobs of this type.")
  private @Nullable String type;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "Only jobs that failed within this time, such as 1h or 7d.")
  private @Nullable Duration since;

  @Option(names = "--muted", description = "Only muted groups.")
  private boolean isMuted;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of groups. Default: 20.")
  private int limit = 20;

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object with the groups and totals.")
  private boolean isJson;

  public FailuresCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      return watch.show(console, isJson, shown -> show(opened.queue().failures(), shown));
    }
  }

  private void show(Failures failures, Console shown) {
    FailureReport report = failures.list(query());
    if (isJson) {
      shown.line(Json.write(FailureReportJson.of(report)));
    } else {
      print(report, shown);
    }
  }

  private FailureQuery query() {
    return new FailureQuery(
        Optional.ofNullable(queue),
        Optional.ofNullable(type),
        Optional.ofNullable(since).map(console.time().now()::minus),
        isMuted ? Optional.of(true) : Optional.empty(),
        Math.min(limit, Limits.PAGE_MAX));
  }

  private static void print(FailureReport report, Console shown) {
    Table table =
        new Table("FINGERPRINT", "JOBS", "LAST", "TYPE", "KIND", "MESSAGE")
            .givingWay("KIND", "LAST");
    for (FailureGroup group : report.groups()) {
      table.add(
          group.fingerprint().toString(),
          "%,d%s".formatted(group.jobs(), group.mute().isPresent() ? " (muted)" : ""),
          text(group.last()),
          group.type(),
          group.failure().kind().name(),
          group.message());
    }
    if (!table.isEmpty()) {
      table.print(shown);
      shown.line("");
    }
    shown.line(
        "%,d dead letters%s%s"
            .formatted(
                report.jobs(),
                report.isWhole() ? "" : " among those that were counted",
                report.mutedJobs() == 0
                    ? ""
                    : ", %,d of them muted".formatted(report.mutedJobs())));
  }

  private static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
