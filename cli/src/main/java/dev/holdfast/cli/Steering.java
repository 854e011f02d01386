package dev.holdfast.cli;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that do something to jobs: to those named, or to all that match. */
abstract class Steering implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "The jobs.")
  private List<JobId> ids = List.of();

  @Mixin private Selection selection = new Selection();

  @Option(names = "--all", description = "Every job that this command can be used on.")
  private boolean isAll;

  @Option(names = "--json", description = "Answers {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  private final List<JobId> done = new ArrayList<>();
  private long count;
  private int exitCode = ExitCodes.OK;

  Steering(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Does it. */
  abstract List<Changed> steer(JobQueue queue, List<JobId> ids);

  /** What was done, such as {@code cancelled}. */
  abstract String done();

  /** In which states jobs are meant when a filter names none. */
  abstract Set<JobState> states();

  /** Why a job in this state is refused. */
  abstract String refusal(JobState state);

  @Override
  public Integer call() {
    if (ids.isEmpty() == (selection.isEmpty() && !isAll)) {
      throw new InvalidRequestException(
          "which jobs? Name their ids, or choose by --state, --type, --queue, --group or --all");
    }
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      if (ids.isEmpty()) {
        steerMatching(queue);
      } else {
        steerNamed(queue);
      }
    }
    answer();
    return exitCode;
  }

  private void steerMatching(JobQueue queue) {
    JobFilter filter = selection.filter(states());
    Selection.forEachPage(
        queue,
        filter,
        Long.MAX_VALUE,
        page -> {
          List<JobId> matching = page.stream().map(Job::id).toList();
          steer(queue, matching).stream().filter(Changed::done).forEach(this::count);
        });
  }

  private void steerNamed(JobQueue queue) {
    for (Changed changed : steer(queue, ids)) {
      if (changed.done()) {
        count(changed);
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

  private void count(Changed changed) {
    count++;
    if (isJson) {
      done.add(changed.id());
    }
  }

  private void answer() {
    if (isJson) {
      console.line(JobAnswer.json(count, done));
    } else {
      console.line(done() + " " + Text.count(count, "job"));
    }
  }
}
