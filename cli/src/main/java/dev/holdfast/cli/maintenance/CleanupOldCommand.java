package dev.holdfast.cli.maintenance;

import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.Retention;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobAnswer;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** {@code holdfast cleanup-old}. */
@Command(
    name = "cleanup-old",
    header = "Removes old finished jobs, with their history and log.",
    description = {
      "%nNodes do this by themselves, by default 7 days after a job ended. INTERRUPTED jobs wait"
          + " for a person and are never removed."
    })
public final class CleanupOldCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--hours",
      paramLabel = "N",
      required = true,
      converter = Hours.class,
      description =
          "Minimum time since the job ended: a number of hours, such as 24 or 0.5, or a duration,"
              + " such as"
              + " 7d.")
  private Duration age = Duration.ZERO;

  @Option(
      names = {"--state", "--status"},
      paramLabel = "STATE",
      split = ",",
      description = "Only these states. Default: COMPLETED, FAILED and CANCELLED.")
  private List<JobState> states = List.of();

  @Option(names = "--json", description = "Prints {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  public CleanupOldCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Retention retention = retention();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      JobAnswer.print(console, isJson, "removed", queue.maintenance().removeOld(retention));
    }
    return ExitCodes.OK;
  }

  private Retention retention() {
    states.stream()
        .filter(state -> !state.isFinished())
        .forEach(
            state -> {
              throw new InvalidRequestException(
                  "invalid --state %s: only COMPLETED, FAILED and CANCELLED jobs are removed by age"
                      .formatted(state));
            });
    Set<JobState> wanted =
        states.isEmpty() ? EnumSet.allOf(JobState.class) : EnumSet.copyOf(states);
    return new Retention(
        of(JobState.COMPLETED, wanted),
        of(JobState.FAILED, wanted),
        of(JobState.CANCELLED, wanted),
        Optional.empty(),
        Optional.empty(),
        Retention.defaults().interval());
  }

  private Optional<Duration> of(JobState state, Set<JobState> wanted) {
    return wanted.contains(state) ? Optional.of(age) : Optional.empty();
  }

  /** Reads a number of hours. */
  static final class Hours implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Durations.parse(text, Duration.ofHours(1));
    }
  }
}
