package dev.holdfast.cli.jobs;

import dev.holdfast.BulkAction;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast retry}. */
@Command(
    name = "retry",
    header =
        "Returns failed, cancelled and interrupted jobs to the queue, with all attempts available"
            + " again.",
    description = {"%nA filter without --state selects FAILED jobs."})
public final class RetryCommand extends JobAction {
  @Option(
      names = "--from",
      paramLabel = "STEP",
      description =
          "Forgets this step of the named jobs and the later ones, so that they run again; see"
              + " holdfast show.")
  private @Nullable String from;

  public RetryCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> apply(JobQueue queue, List<JobId> ids) {
    String step = from;
    return step == null
        ? queue.retry(ids, Person.name())
        : ids.stream().map(id -> queue.retryFrom(id, step, Person.name())).toList();
  }

  @Override
  boolean isForNamed() {
    return from != null;
  }

  @Override
  BulkAction action() {
    return BulkAction.RETRY;
  }

  @Override
  String done() {
    return "retried";
  }

  @Override
  Set<JobState> states() {
    return EnumSet.of(JobState.FAILED);
  }

  @Override
  String refusal(JobState state) {
    return "only a FAILED, CANCELLED or INTERRUPTED job can be retried";
  }
}
