package dev.holdfast.jdbc.search;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job's history. The normal course – created, due, started, finished – is not stored as events:
 * it is derived from the job's row, and for earlier attempts from the values of that row which were
 * saved with the event of their end.
 */
final class History {
  /**
   * The contents of the job's row at some moment.
   *
   * @param state the state
   * @param attempt the number of the attempt
   * @param runAt when the job was due
   * @param startedAt start of the attempt, if any
   * @param finishedAt end of the job, if any
   * @param node the node that ran it, or empty
   * @param failure the cause of failure
   */
  private record Seen(
      JobState state,
      int attempt,
      Instant runAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      String node,
      Optional<Failure> failure) {}

  /**
   * A stored event, with values that the job's row had just before.
   *
   * @param event the change
   * @param runAt when the job was due
   * @param startedAt start of its attempt, if any
   * @param finishedAt end of the job, if any
   * @param node the node that ran it
   */
  record Stored(
      JobEvent event,
      Instant runAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      Optional<String> node) {

    private Seen before() {
      return new Seen(
          event.from().orElseThrow(),
          event.attempt(),
          runAt,
          startedAt,
          finishedAt,
          node.orElse(""),
          event.failure());
    }
  }

  private final List<JobEvent> events = new ArrayList<>();
  private JobState state;
  private Instant since;

  private History(Job job, Seen first) {
    this.since = job.createdAt();
    this.state = firstState(first, since);
    String by = job.createdBy().orElse("");
    events.add(new JobEvent(since, Optional.empty(), state, by, "enqueued", 0, Optional.empty()));
  }

  /**
   * Returns the first state. No unrecorded step leads to BLOCKED: a job first found there was
   * enqueued there.
   */
  private static JobState firstState(Seen first, Instant created) {
    if (first.state == JobState.BLOCKED) {
      return JobState.BLOCKED;
    }
    return first.runAt.isAfter(created) ? JobState.SCHEDULED : JobState.PENDING;
  }

  static List<JobEvent> of(Job job, List<Stored> stored) {
    History history = new History(job, stored.isEmpty() ? now(job) : stored.get(0).before());
    for (Stored change : stored) {
      history.leadTo(change.before());
      history.add(change.event());
    }
    history.leadTo(now(job));
    return history.events;
  }

  private static Seen now(Job job) {
    return new Seen(
        job.state(),
        job.attempt(),
        job.runAt(),
        job.startedAt(),
        job.finishedAt(),
        job.holder().map(holder -> holder.node().toString()).orElse(""),
        job.failure());
  }

  /** Adds the steps that are not stored: becoming due, being started, and ending by itself. */
  private void leadTo(Seen seen) {
    boolean ended = seen.state == JobState.COMPLETED || seen.state == JobState.FAILED;
    boolean began = ended || seen.state == JobState.RUNNING;
    if (state == JobState.SCHEDULED && (began || seen.state == JobState.PENDING)) {
      Instant due = seen.runAt.isAfter(since) ? seen.runAt : since;
      step(due, JobState.PENDING, "", "due", Math.max(0, seen.attempt - 1), Optional.empty());
    }
    if (state == JobState.PENDING && began) {
      Instant at = seen.startedAt.orElse(since);
      step(at, JobState.RUNNING, seen.node, "claimed", seen.attempt, Optional.empty());
    }
    if (state == JobState.RUNNING && ended) {
      String why = seen.state == JobState.COMPLETED ? "completed" : "failed";
      Instant at = seen.finishedAt.orElse(since);
      step(at, seen.state, seen.node, why, seen.attempt, seen.failure);
    }
  }

  private void step(
      Instant at, JobState to, String by, String why, int attempt, Optional<Failure> failure) {
    add(new JobEvent(at, Optional.of(state), to, by, why, attempt, failure));
  }

  private void add(JobEvent event) {
    events.add(event);
    state = event.to();
    since = event.at();
  }
}
