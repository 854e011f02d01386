package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Durations;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.Limits;
import dev.holdfast.MonitorConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast recover}. */
@Command(
    name = "recover",
    header = "Recovers running jobs by hand: those that run for too long, or all by one strategy.",
    description = {
      "%nWith --timeout, jobs are taken from their nodes whether those live or not, and go back into"
          + " the queue: a handler that still runs one is told to end, and what it answers is"
          + " refused. --type, --queue and --group choose among them.",
      "%nWith --strategy:",
      "planned-restart: all that dead nodes left running goes back, and no crash is charged;",
      "crash: all that dead nodes left running is failed;",
      "clean-slate: all that has finished is deleted, all that has not is cancelled. Only while no"
          + " node lives, and only with --yes."
    })
final class RecoverCommand implements Callable<Integer> {
  /** Everything that a person may want at once. */
  enum Strategy {
    PLANNED_RESTART,
    CRASH,
    CLEAN_SLATE;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads one. */
    static final class Converter implements ITypeConverter<Strategy> {
      @Override
      public Strategy convert(String text) {
        return Arrays.stream(values())
            .filter(strategy -> strategy.toString().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "'%s' is no strategy: expected planned-restart, crash or clean-slate"
                            .formatted(text)));
      }
    }
  }

  private final DbOption db;
  private final Console console;

  @Option(
      names = "--timeout",
      paramLabel = "MIN",
      converter = Minutes.class,
      description =
          "Jobs that have been running for at least so many minutes, such as 30 or 0.5; or for a"
              + " duration, such as 90s.")
  private @Nullable Duration timeout;

  @Option(names = "--mark-failed", description = "They are FAILED instead.")
  private boolean isFailing;

  @Mixin private Scope scope = new Scope();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 100000.")
  private int limit = Limits.RECOVER_MAX;

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      converter = Strategy.Converter.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private @Nullable Strategy strategy;

  @Option(names = "--dry-run", description = "Says what clean-slate would do, and does nothing.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Yes, clean-slate may delete and cancel.")
  private boolean isSure;

  @Option(names = "--json", description = "Answers {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  RecoverCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    check();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      if (strategy == Strategy.CLEAN_SLATE) {
        new CleanSlate(queue, console, isDryRun).wipe(isJson);
      } else {
        JobAnswer.print(console, isJson, "recovered", recover(queue));
      }
    }
    return ExitCodes.OK;
  }

  private List<JobId> recover(JobQueue queue) {
    if (strategy == null) {
      MonitorConfig.Action action =
          isFailing ? MonitorConfig.Action.FAIL : MonitorConfig.Action.RETRY;
      return queue.recoverStuck(requireNonNull(timeout), scope.filter(), action, limit, "cli");
    }
    RecoveryPolicy policy =
        strategy == Strategy.CRASH ? RecoveryPolicy.FAIL : RecoveryPolicy.RESUME;
    return queue.recoverDead(Optional.of(policy), "cli");
  }

  private void check() {
    if ((timeout == null) == (strategy == null)) {
      throw new InvalidRequestException(
          "recover what? Name either --timeout with a number of minutes, or --strategy");
    }
    if (strategy != null && (isFailing || !scope.isEmpty() || limit != Limits.RECOVER_MAX)) {
      throw new InvalidRequestException(
          "--strategy means all jobs: --mark-failed, --type, --queue, --group and --limit go with"
              + " --timeout");
    }
    boolean isCleanSlate = strategy == Strategy.CLEAN_SLATE;
    if (!isCleanSlate && (isDryRun || isSure)) {
      throw new InvalidRequestException("--dry-run and --yes go with --strategy clean-slate");
    }
    if (isCleanSlate && isDryRun == isSure) {
      throw new InvalidRequestException(
          "clean-slate deletes and cancels every job there is: say --yes, or look first with"
              + " --dry-run");
    }
  }

  /** Reads a number of minutes. */
  static final class Minutes implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Durations.parse(text, Duration.ofMinutes(1));
    }
  }
}
