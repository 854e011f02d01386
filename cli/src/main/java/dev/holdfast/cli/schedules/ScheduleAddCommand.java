package dev.holdfast.cli.schedules;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobTemplate;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.PayloadText;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.ScheduleStatusJson;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule add}. */
@Command(
    name = "add",
    header = "Declares a recurring job, or changes one.",
    description = {
      "%nThe same declaration again changes nothing. A different one replaces the schedule of"
          + " that name; it keeps its next fire time unless the timetable is different, and stays"
          + " paused if it is."
    })
final class ScheduleAddCommand implements Callable<Integer> {
  private static final MissedFires DEFAULTS = MissedFires.once();

  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  @Option(
      names = "--cron",
      paramLabel = "EXPR",
      description =
          "Cron expression: minute hour day month weekday, optionally preceded by seconds, or"
              + " @daily and the"
              + " like.")
  private @Nullable String cron;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone, such as Europe/Berlin. Default: UTC.")
  private String zone = "UTC";

  @Option(
      names = "--every",
      paramLabel = "D",
      description = "Fires at this interval from now on, such as 30s or 1h.")
  private @Nullable Duration every;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      description = "The handler's name.")
  private @Nullable String type;

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description = "The payload as JSON, or @FILE (@- for standard input). Default: null.")
  private String payload = "null";

  @Option(names = "--queue", paramLabel = "QUEUE", description = "The queue. Default: default.")
  private String queue = NewJob.DEFAULT_QUEUE;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first. Default: 0.")
  private int priority;

  @Option(names = "--group", paramLabel = "GROUP", description = "The group of the jobs.")
  private @Nullable String group;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "Maximum number of attempts. Default: as configured for its type, else 4.")
  private @Nullable Integer maxAttempts;

  @Option(names = "--timeout", paramLabel = "D", description = "Maximum run time of an attempt.")
  private @Nullable Duration timeout;

  @Option(
      names = "--requires",
      paramLabel = "JSON",
      description =
          "Required capabilities of the worker, such as {\"gpu\": true, \"memory\": {\">=\":"
              + " 16}}.")
  private @Nullable String requires;

  @Option(
      names = "--missed",
      paramLabel = "POLICY",
      description =
          "What to do about missed fire times: skip, once (one job for all), or catch_up (a job"
              + " for each). Default: once.")
  private MissedFires.Policy missed = DEFAULTS.policy();

  @Option(
      names = "--missed-after",
      paramLabel = "D",
      description = "Delay after which a fire time is missed, 1s to 1d. Default: 1m.")
  private Duration missedAfter = DEFAULTS.after();

  @Option(
      names = "--catch-up",
      paramLabel = "N",
      description =
          "Maximum number of missed fire times that catch_up makes up for, the latest"
              + " ones. Default: 100.")
  private int catchUp = DEFAULTS.most();

  @Option(
      names = "--overlap",
      paramLabel = "POLICY",
      description =
          "Whether to fire while the previous job has not finished: allow or skip. Default: allow.")
  private Overlap overlap = Overlap.ALLOW;

  @Option(names = "--json", description = "Prints the schedule as JSON.")
  private boolean isJson;

  ScheduleAddCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Schedule schedule = schedule();
    try (OpenQueue opened = db.openQueue()) {
      JobQueue jobQueue = opened.queue();
      Declared declared = jobQueue.schedules().put(schedule);
      if (isJson) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("declared", declared.name());
        ScheduleStatus now = jobQueue.schedules().find(schedule.name()).orElseThrow();
        fields.putAll(Json.fields(ScheduleStatusJson.of(now)));
        console.line(Json.write(fields));
      } else {
        console.line("%s %s".formatted(declared.name().toLowerCase(Locale.ROOT), schedule.name()));
      }
    }
    return ExitCodes.OK;
  }

  private Schedule schedule() throws IOException {
    NewJob job =
        new JobTemplate(
                type,
                PayloadText.read(payload, console),
                queue,
                priority,
                null,
                null,
                group,
                maxAttempts,
                timeout,
                requires == null ? null : Json.read("the requirements", requires),
                List.of(),
                null,
                db.configuration().settings())
            .job();
    return Schedule.of(requireNonNull(name, "picocli demands it"), timetable(), job)
        .missed(new MissedFires(missed, missedAfter, catchUp))
        .overlap(overlap)
        .declaredBy(Person.name());
  }

  private Timetable timetable() {
    if ((cron == null) == (every == null)) {
      throw new InvalidRequestException("specify either --cron or --every");
    }
    return cron == null
        ? new Timetable.Every(requireNonNull(every))
        : new Timetable.Calendar(Cron.parse(cron), Schedule.zone(zone));
  }
}
