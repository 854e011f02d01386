package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.check.Check;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.step.StepKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The wait in which a step suspends its job.
 *
 * @param step the step's name; for a signal, that of the signal as well
 * @param kind anything but {@link StepKind#WORK}
 * @param limit the length of the sleep, or the longest wait for the signal; zero for jobs
 * @param jobs the jobs to wait for, without those that do not exist
 */
public record StepWait(String step, StepKind kind, Duration limit, List<JobId> jobs) {
  /** Positions from here on, among the predecessors of a job, are those of jobs of its steps. */
  public static final int POSITIONS_FROM = 1_000_000;

  /** Checks the limit, and copies the list. */
  public StepWait {
    Check.delay(limit);
    jobs = List.copyOf(jobs);
  }

  /** Sleeps for this long, counted from the first time that the step suspends its job. */
  public static StepWait sleep(String step, Duration length) {
    return new StepWait(step, StepKind.SLEEP, length, List.of());
  }

  /** Waits for a signal, at most for this long, counted in the same way. */
  public static StepWait signal(String name, Duration timeout) {
    return new StepWait(name, StepKind.SIGNAL, timeout, List.of());
  }

  /** Waits until these jobs have ended, in any way. */
  public static StepWait jobs(String step, List<JobId> jobs) {
    return new StepWait(step, StepKind.JOBS, Duration.ZERO, jobs);
  }

  /** Returns the beginning of the idempotency keys of the jobs that steps of a job enqueue. */
  public static String keys(JobId job) {
    return "step:" + job + ":";
  }

  /** Returns the idempotency key of a job that a step enqueues. A name may be too long for one. */
  public static String key(JobId job, String step, int index) {
    UUID hash = UUID.nameUUIDFromBytes(step.getBytes(StandardCharsets.UTF_8));
    return keys(job) + hash + ":" + index;
  }

  /**
   * Returns the jobs to enqueue in a step, each with an idempotency key.
   *
   * @param job the job of the step
   * @throws InvalidRequestException if one of them depends on the job of the step
   */
  public static List<NewJob> keyed(JobId job, String step, List<NewJob> jobs) {
    List<NewJob> keyed = new ArrayList<>();
    for (NewJob one : jobs) {
      if (one.waits().jobs().stream().anyMatch(dependency -> dependency.on().equals(job))) {
        throw new InvalidRequestException(
            "step '%s' would never end: it waits for a job of the type '%s' that waits for job %s, the job of the step"
                .formatted(step, one.type(), job));
      }
      keyed.add(one.key().isPresent() ? one : one.unique(key(job, step, keyed.size())));
    }
    return keyed;
  }

  /** Returns the position, among the predecessors of a job, of the first job of a step. */
  public static int firstPosition(int step) {
    return POSITIONS_FROM + step * Limits.STEP_JOBS_MAX;
  }

  /** Returns the end of the positions that begin with this one: all of one kind, or of one step. */
  public static int positionsEnd(int from) {
    return from < POSITIONS_FROM
        ? POSITIONS_FROM
        : from - from % Limits.STEP_JOBS_MAX + Limits.STEP_JOBS_MAX;
  }

  /** Returns the reason for the suspension, for the history. */
  public String why() {
    return switch (kind) {
      case SLEEP -> "step '%s' sleeps for %s".formatted(step, Durations.describe(limit));
      case SIGNAL -> "step '%s' waits for its signal".formatted(step);
      case JOBS ->
          jobs.size() == 1
              ? "step '%s' waits for a job".formatted(step)
              : "step '%s' waits for %,d jobs".formatted(step, jobs.size());
      case WORK -> throw new IllegalStateException("work does not wait: a bug");
    };
  }
}
