package dev.holdfast.cli.maintenance;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.MonitorConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobAnswer;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.options.Scope;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast recover}. */
@Command(
    name = "recover",
    header =
        "Recovers running jobs: those that have been running for too long, or all with one"
            + " strategy.",
    description = {
      "%nWith --timeout, jobs are taken from their nodes, whether alive or not, and return to the"
          + " queue: a handler that still runs one is interrupted, and its result is refused."
          + " --type, --queue and --group select jobs.",
      "%nWith --strategy:",
      "planned-restart: the jobs of dead nodes return to the queue, and no crash is counted;",
      "crash: the jobs of dead nodes fail;",
      "clean-slate: finished jobs are deleted, all others are cancelled. Only while no node is"
          + " alive, and only with --yes."
    })
public final class RecoverCommand implements Callable<Integer> {
  /** The recovery strategies for all jobs. */
  enum Strategy {
    PLANNED_RESTART,
    CRASH,
    CLEAN_SLATE;

    /** Returns the strategy as written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Parses a strategy. */
    static final class Converter implements ITypeConverter<Strategy> {
      @Override
      public Strategy convert(String text) {
        return Arrays.stream(values())
            .filter(strategy -> strategy.toString().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "invalid strategy '%s': expected planned-restart, crash or clean-slate"
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
          "Minimum run time of the jobs: a number of minutes, such as 30 or 0.5, or a duration,"
              + " such as 90s.")
  private @Nullable Duration timeout;

  @Option(names = "--mark-failed", description = "Marks the jobs as FAILED instead.")
  private boolean isFailing;

  @Mixin private Scope scope = new Scope();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of jobs. Default: 100000.")
  private int limit = Limits.RECOVER_MAX;

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      converter = Strategy.Converter.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private @Nullable Strategy strategy;

  @Option(
      names = "--dry-run",
      description = "Prints what clean-slate would do, and changes nothing.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Confirms that clean-slate may delete and cancel jobs.")
  private boolean isSure;

  @Option(names = "--json", description = "Prints {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  public RecoverCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    check();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      if (strategy == Strategy.CLEAN_SLATE) {
        return new CleanSlate(queue, console, isDryRun).wipe(isJson);
      }
      JobAnswer.print(console, isJson, "recovered", recover(queue));
    }
    return ExitCodes.OK;
  }

  private List<JobId> recover(JobQueue queue) {
    if (strategy == null) {
      MonitorConfig.Action action =
          isFailing ? MonitorConfig.Action.FAIL : MonitorConfig.Action.RETRY;
      return queue
          .maintenance()
          .recoverStuck(requireNonNull(timeout), scope.filter(), action, limit, Person.name());
    }
    RecoveryPolicy policy =
        strategy == Strategy.CRASH ? RecoveryPolicy.FAIL : RecoveryPolicy.RESUME;
    return queue.maintenance().recoverDead(policy, Person.name());
  }

  private void check() {
    if ((timeout == null) == (strategy == null)) {
      throw new InvalidRequestException(
          "specify either --timeout with a number of minutes, or --strategy");
    }
    if (strategy != null && (isFailing || !scope.isEmpty() || limit != Limits.RECOVER_MAX)) {
      throw new InvalidRequestException(
          "--strategy applies to all jobs: --mark-failed, --type, --queue, --group and --limit go"
              + " with"
              + " --timeout");
    }
    boolean isCleanSlate = strategy == Strategy.CLEAN_SLATE;
    if (!isCleanSlate && (isDryRun || isSure)) {
      throw new InvalidRequestException("--dry-run and --yes go with --strategy clean-slate");
    }
    if (isCleanSlate && isDryRun == isSure) {
      throw new InvalidRequestException(
          "clean-slate deletes or cancels every job: confirm with --yes, or preview with"
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
