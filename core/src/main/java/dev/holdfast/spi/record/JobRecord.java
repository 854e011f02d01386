package dev.holdfast.spi.record;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.step.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job with all its data, for transfer between stores.
 *
 * @param job its row, its latest progress, and the node that holds it or ran it last
 * @param rank its position in its queue: lower goes first
 * @param keyUntil expiry of its idempotency key; empty if it has none, or the key has expired or
 *     belongs to another job
 * @param progressAt time of its last progress report
 * @param events the stored part of its history, in order
 * @param checkpoints its saved states, in the order of saving
 * @param steps its steps, by position
 * @param waiting its predecessors, signals and dependents
 * @param logs its first log lines, at most {@link #LOG_LINES}; {@link Archive#logLines} returns the
 *     rest
 */
public record JobRecord(
    Job job,
    long rank,
    Optional<Instant> keyUntil,
    Optional<Instant> progressAt,
    List<Event> events,
    List<Checkpoint> checkpoints,
    List<Step> steps,
    Waiting waiting,
    List<LogLine> logs) {

  /** The number of log lines that are part of the record itself. */
  public static final int LOG_LINES = 1_000;

  /** Copies the lists. */
  public JobRecord {
    events = List.copyOf(events);
    checkpoints = List.copyOf(checkpoints);
    steps = List.copyOf(steps);
    logs = List.copyOf(logs);
  }

  /** Returns the same record with this rank. */
  public JobRecord withRank(long newRank) {
    return new JobRecord(
        job, newRank, keyUntil, progressAt, events, checkpoints, steps, waiting, logs);
  }

  /**
   * A stored change, with values that the job's row had just before: the steps that are not stored
   * are derived from these.
   *
   * @param event the change
   * @param runAt due time of the job
   * @param startedAt start of its attempt, if any
   * @param finishedAt end of the job, if any
   * @param node the node that ran it
   */
  public record Event(
      JobEvent event,
      Instant runAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      Optional<NodeId> node) {}

  /**
   * A saved state.
   *
   * @param name its name
   * @param state JSON
   * @param attempt the attempt that saved it
   * @param savedAt when it was saved
   */
  public record Checkpoint(String name, String state, int attempt, Instant savedAt) {}

  /**
   * Predecessors, signals and dependents of a job.
   *
   * @param open number of its predecessors that have not ended yet; a signal counts as one
   * @param awaited number of jobs that wait for it or have waited for it
   * @param jobs its predecessors, by position; those of steps have positions from {@link
   *     dev.holdfast.spi.StepWait#POSITIONS_FROM} on
   * @param signals the signals that it waits for and those sent to it, by name
   */
  public record Waiting(int open, int awaited, List<Wait> jobs, List<Signal> signals) {
    /** Copies the lists. */
    public Waiting {
      jobs = List.copyOf(jobs);
      signals = List.copyOf(signals);
    }

    /** Waits for nothing, and has no dependents. */
    public static Waiting none() {
      return new Waiting(0, 0, List.of(), List.of());
    }
  }

  /**
   * A wait for another job.
   *
   * @param position its index among the predecessors, from 0
   * @param on the predecessor
   * @param ifFailed what happens to the job when the predecessor fails or is cancelled
   * @param satisfiedAt when the wait ended; empty while it lasts
   */
  public record Wait(
      int position, JobId on, OnPredecessorFailure ifFailed, Optional<Instant> satisfiedAt) {}

  /**
   * A signal that was sent to a job, or that it waits for.
   *
   * @param name its name
   * @param payload its payload, JSON; empty if it was not sent
   * @param sentAt when it was sent; empty if it was not
   * @param sentBy its sender, or an empty text
   * @param awaitedUntil deadline of the job's wait for it; empty if it does not wait
   * @param ifLate what happens to the job then; empty if it never waited for it
   */
  public record Signal(
      String name,
      Optional<String> payload,
      Optional<Instant> sentAt,
      String sentBy,
      Optional<Instant> awaitedUntil,
      Optional<OnSignalTimeout> ifLate) {}
}
