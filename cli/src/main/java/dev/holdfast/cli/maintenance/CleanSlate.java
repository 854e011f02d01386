package dev.holdfast.cli.maintenance;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.options.Selection;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.ConflictException;
import dev.holdfast.http.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resets a queue: deletes the finished jobs, then cancels the others, which remain visible. */
final class CleanSlate {
  private static final Set<JobState> FINISHED =
      Arrays.stream(JobState.values())
          .filter(JobState::isFinished)
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<JobState> UNFINISHED =
      Arrays.stream(JobState.values())
          .filter(state -> !state.isFinished())
          .collect(Collectors.toUnmodifiableSet());

  private final JobQueue queue;
  private final Console console;
  private final boolean isDryRun;
  private int held;

  CleanSlate(JobQueue queue, Console console, boolean isDryRun) {
    this.queue = queue;
    this.console = console;
    this.isDryRun = isDryRun;
  }

  /** Deletes and cancels. @return the exit code: 75 if rows of some jobs are held by others */
  int wipe(boolean isJson) {
    if (!isDryRun) {
      queue
          .maintenance()
          .recoverDead(RecoveryPolicy.RESUME, Person.name()); // and deregister the dead
    }
    String living = living();
    if (!living.isEmpty() && !isDryRun) {
      throw new ConflictException(
          "clean-slate requires that no node is alive, and these are: %s; stop them and repeat"
              .formatted(living));
    }
    List<JobId> deleted = forEach(FINISHED, queue::delete);
    List<JobId> cancelled = forEach(UNFINISHED, jobs -> queue.cancel(jobs, Person.name()));
    if (!living.isEmpty()) {
      console.say("refused while these nodes are alive: " + living);
    }
    print(isJson, deleted, cancelled);
    if (held > 0) {
      console.say(
          "rows of %s are held by other transactions and were not changed: repeat the command"
              .formatted(Text.count(held, "job")));
    }
    return held > 0 ? ExitCodes.BUSY : ExitCodes.OK;
  }

  private String living() {
    return queue.status().nodes().stream()
        .filter(QueueStatus.Node::alive)
        .map(
            node -> "'%s' (process %d on %s)".formatted(node.name(), node.processId(), node.host()))
        .collect(Collectors.joining(", "));
  }

  private List<JobId> forEach(Set<JobState> states, Function<List<JobId>, List<Changed>> action) {
    List<JobId> done = new ArrayList<>();
    Selection.forEachPage(
        queue,
        JobFilter.all().states(states),
        Long.MAX_VALUE,
        page -> {
          List<JobId> ids = page.stream().map(Job::id).toList();
          if (isDryRun) {
            done.addAll(ids);
          } else {
            for (Changed changed : action.apply(ids)) {
              if (changed.done()) {
                done.add(changed.id());
              }
              held += changed.heldBy().isPresent() ? 1 : 0;
            }
          }
        });
    return done;
  }

  private void print(boolean isJson, List<JobId> deleted, List<JobId> cancelled) {
    if (isJson) {
      List<JobId> all = new ArrayList<>(deleted);
      all.addAll(cancelled);
      Map<String, @Nullable Object> answer = Json.ofJobs(all.size(), all);
      answer.put("deleted", deleted.size());
      answer.put("cancelled", cancelled.size());
      answer.put("dry_run", isDryRun);
      console.line(Json.write(answer));
    } else {
      console.line(
          "%s %s, %s %s"
              .formatted(
                  isDryRun ? "would delete" : "deleted",
                  Text.count(deleted.size(), "job"),
                  isDryRun ? "would cancel" : "cancelled",
                  Text.count(cancelled.size(), "job")));
    }
  }
}
