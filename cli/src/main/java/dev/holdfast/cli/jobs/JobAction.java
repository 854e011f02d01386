package dev.holdfast.cli.jobs;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobAnswer;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.options.Selection;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.BulkOperationJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The base of the commands that change jobs: those named, or all that match. */
abstract class JobAction implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "The jobs: their ids, or the beginnings of them.")
  private List<JobRef> ids = List.of();

  @Mixin private Selection selection = new Selection();

  @Option(names = "--all", description = "Selects every job that this command applies to.")
  private boolean isAll;

  @Option(
      names = "--json",
      description =
          "Prints {\"count\": …, \"job_ids\": […]}, and \"dependents\": the number of dependents"
              + " that were cancelled as well, if any.")
  private boolean isJson;

  @Option(
      names = "--background",
      description =
          "Starts a bulk operation and returns: nodes change the selected jobs, batch by batch. See"
              + " holdfast bulk.")
  private boolean isInBackground;

  private final List<JobId> done = new ArrayList<>();
  private long count;
  private long dependents;
  private int exitCode = ExitCodes.OK;

  JobAction(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Applies the command to these jobs. */
  abstract List<Changed> apply(JobQueue queue, List<JobId> ids);

  /** Returns whether it applies only to jobs that are named, as its options say. */
  boolean isForNamed() {
    return false;
  }

  /** Returns the action for jobs that are selected, which are checked again when it is applied. */
  abstract BulkAction action();

  /** Returns the verb for the output, such as {@code cancelled}. */
  abstract String done();

  /** Returns the states that a filter without {@code --state} selects. */
  abstract Set<JobState> states();

  /** Returns why a job in this state is refused. */
  abstract String refusal(JobState state);

  @Override
  public Integer call() {
    if (ids.isEmpty() == (selection.isEmpty() && !isAll)) {
      throw new InvalidRequestException(
          "specify job ids, or select jobs with --state, --type, --queue, --group, other conditions"
              + " (see --help) or --all");
    }
    if (ids.isEmpty() && isForNamed()) {
      throw new InvalidRequestException("--from is for named jobs: specify their ids");
    }
    if (isInBackground && !ids.isEmpty()) {
      throw new InvalidRequestException(
          "--background is for jobs that are selected: leave it out, or the ids");
    }
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      if (isInBackground) {
        start(queue);
        return ExitCodes.OK;
      }
      if (ids.isEmpty()) {
        steerMatching(queue);
      } else {
        steerNamed(queue);
      }
    }
    answer();
    return exitCode;
  }

  private void start(JobQueue queue) {
    BulkRequest request = BulkRequest.of(action(), selection.filter(states()));
    BulkOperation started = queue.bulkOperations().start(request, Person.name());
    console.line(
        isJson
            ? Json.write(BulkOperationJson.of(started))
            : "started bulk operation %s: holdfast bulk show %s shows how far it is"
                .formatted(started.id(), started.id()));
  }

  private void steerMatching(JobQueue queue) {
    JobFilter filter = selection.filter(states());
    BulkRequest request = BulkRequest.of(action(), filter);
    Selection.forEachPage(
        queue,
        filter,
        Long.MAX_VALUE,
        page -> {
          List<JobId> matching = page.stream().map(Job::id).toList();
          for (Changed changed : queue.bulkOperations().change(request, matching, Person.name())) {
            if (changed.done()) {
              count(changed);
            } else if (changed.heldBy().isPresent()) {
              sayHeld(changed);
            }
          }
        });
  }

  private void steerNamed(JobQueue queue) {
    for (Changed changed : apply(queue, JobRef.ids(ids, queue))) {
      if (changed.done()) {
        count(changed);
      } else if (changed.heldBy().isPresent()) {
        sayHeld(changed);
      } else if (changed.before().isEmpty()) {
        console.say("there is no job " + changed.id());
        exitCode = ExitCodes.NOT_FOUND;
      } else {
        JobState state = changed.before().get();
        console.say("job %s is %s: %s".formatted(changed.id(), state, refusal(state)));
        exitCode = exitCode == ExitCodes.OK ? ExitCodes.CONFLICT : exitCode;
      }
    }
  }

  private void sayHeld(Changed changed) {
    console.say(
        "job %s is held by %s and was not changed: try again"
            .formatted(changed.id(), changed.heldBy().orElseThrow()));
    exitCode = exitCode == ExitCodes.OK ? ExitCodes.BUSY : exitCode;
  }

  private void count(Changed changed) {
    count++;
    dependents += changed.dependents();
    if (isJson) {
      done.add(changed.id());
    }
  }

  private void answer() {
    if (isJson) {
      console.line(JobAnswer.json(count, done, dependents));
    } else if (count > 0 || exitCode == ExitCodes.OK) {
      String more = dependents == 0 ? "" : ", and cancelled %,d dependents".formatted(dependents);
      console.line(done() + " " + Text.count(count, "job") + more);
    }
  }
}
