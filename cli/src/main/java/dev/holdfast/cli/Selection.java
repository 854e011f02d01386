package dev.holdfast.cli;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which jobs are meant: those that satisfy every option that is given. */
final class Selection {
  private static final int PAGE = 100;

  @Option(
      names = {"--state", "--status"},
      paramLabel = "STATE",
      split = ",",
      description = "In one of these states: ${COMPLETION-CANDIDATES}.")
  private List<JobState> states = List.of();

  @Mixin private Scope scope = new Scope();

  /** Whether no option was given. */
  boolean isEmpty() {
    return states.isEmpty() && scope.isEmpty();
  }

  /** The filter; without {@code --state}, in one of {@code otherwise}. */
  JobFilter filter(Set<JobState> otherwise) {
    return scope.filter().states(states.isEmpty() ? otherwise : EnumSet.copyOf(states));
  }

  /** Hands all jobs that match to {@code page}, a page at a time, newest first. */
  static void forEachPage(JobQueue queue, JobFilter filter, long limit, Consumer<List<Job>> page) {
    Optional<JobId> after = Optional.empty();
    for (long left = limit; left > 0; ) {
      PageRequest request = new PageRequest((int) Math.min(left, PAGE), after);
      Page<Job> jobs = queue.list(filter, request);
      page.accept(jobs.items());
      left -= jobs.items().size();
      after = jobs.next();
      if (after.isEmpty()) {
        return;
      }
    }
  }
}
