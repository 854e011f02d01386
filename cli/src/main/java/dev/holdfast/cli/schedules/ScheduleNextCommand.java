package dev.holdfast.cli.schedules;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Schedule;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.timetable.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule next}. */
@Command(
    name = "next",
    header = "Prints the next fire times of a cron expression.",
    description = "%nEach in local time and in UTC. No database is needed.")
final class ScheduleNextCommand implements Callable<Integer> {
  private static final int TIMES_MAX = 10_000;

  private final Console console;

  @Parameters(paramLabel = "EXPR", description = "The expression, as one argument.")
  private @Nullable String expression;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone, such as Europe/Berlin. Default: UTC.")
  private String zone = "UTC";

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Number of fire times, up to 10,000. Default: 5.")
  private int count = 5;

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description = "Start after this time, such as 2026-03-28T00:00:00Z. Default: now.")
  private @Nullable Instant after;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  ScheduleNextCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (count < 1 || count > TIMES_MAX) {
      throw new InvalidRequestException(
          "--count must be 1 to %,d, was %d".formatted(TIMES_MAX, count));
    }
    Cron cron = Cron.parse(requireNonNull(expression, "picocli demands it"));
    ZoneId clock = Schedule.zone(zone);
    Instant from = after == null ? console.time().now() : after;
    Optional<Instant> next = cron.next(from, clock);
    for (int i = 0; i < count && next.isPresent(); i++) {
      print(next.get(), clock);
      next = cron.next(next.get(), clock);
    }
    return ExitCodes.OK;
  }

  private void print(Instant time, ZoneId clock) {
    String local = time.atZone(clock).toOffsetDateTime().toString();
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("local", local);
      fields.put("time", time.toString());
      console.line(Json.write(fields));
    } else {
      console.line("%-25s %s".formatted(local, time));
    }
  }
}
