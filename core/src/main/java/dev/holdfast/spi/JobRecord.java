package dev.holdfast.spi;

import dev.holdfast.IfFailed;
import dev.holdfast.IfLate;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job with all that belongs to it, as one store keeps it and another can take it.
 *
 * @param job its row, its newest progress, and who holds it or ran it last
 * @param rank its place within its queue: lower goes first
 * @param keyUntil until when its idempotency key is its own; empty if it has none, or the key is
 *     forgotten or another job's
 * @param progressAt when it last reported progress
 * @param events what was stored of its history, in order
 * @param checkpoints its saved states, in the order of saving
 * @param waiting what it waits for, and who waits for it
 * @param logs its first log lines, at most {@link #LOG_LINES}; {@link Archive#logLines} has the
 *     others
 */
public record JobRecord(
    Job job,
    long rank,
    Optional<Instant> keyUntil,
    Optional<Instant> progressAt,
    List<Event> events,
    List<Checkpoint> checkpoints,
    Waiting waiting,
    List<LogLine> logs) {

  /** So many log lines go with the record itself. */
  public static final int LOG_LINES = 1_000;

  /** Copies the lists. */
  public JobRecord {
    events = List.copyOf(events);
    checkpoints = List.copyOf(checkpoints);
    logs = List.copyOf(logs);
  }

  /** The same with this rank. */
  public JobRecord withRank(long newRank) {
    return new JobRecord(job, newRank, keyUntil, progressAt, events, checkpoints, waiting, logs);
  }

  /**
   * A stored change, with what the job's row said just before: the steps for which nothing is
   * stored are composed from that.
   *
   * @param event the change
   * @param runAt when the job was due
   * @param startedAt when its attempt had begun, if one had
   * @param finishedAt when it had finished, if it had
   * @param node who ran it
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
   * @param savedAt when
   */
  public record Checkpoint(String name, String state, int attempt, Instant savedAt) {}

  /**
   * What a job waits for, and who waits for it.
   *
   * @param open how many of the jobs that it waits for have not ended yet; a signal counts as one
   * @param awaited how many jobs wait for it or have waited for it
   * @param jobs those that it waits for or has waited for, by their positions
   * @param signals those that it waits for, and those that were sent to it, by their names
   */
  public record Waiting(int open, int awaited, List<Wait> jobs, List<Signal> signals) {
    /** Copies the lists. */
    public Waiting {
      jobs = List.copyOf(jobs);
      signals = List.copyOf(signals);
    }

    /** For nothing, and nobody for it. */
    public static Waiting none() {
      return new Waiting(0, 0, List.of(), List.of());
    }
  }

  /**
   * That it waits for another job.
   *
   * @param position its place among the jobs that it waits for, from 0
   * @param on the other job
   * @param ifFailed what becomes of it when the other fails or is cancelled
   * @param satisfiedAt since when it no longer waits for that job; empty while it does
   */
  public record Wait(int position, JobId on, IfFailed ifFailed, Optional<Instant> satisfiedAt) {}

  /**
   * A signal that was sent to a job, or that it waits for.
   *
   * @param name its name
   * @param payload what was sent, JSON; empty if it was not sent
   * @param sentAt when; empty if it was not sent
   * @param sentBy who sent it, or an empty text
   * @param awaitedUntil until when the job waits for it; empty if it does not
   * @param ifLate what becomes of the job then; empty if it never waited for it
   */
  public record Signal(
      String name,
      Optional<String> payload,
      Optional<Instant> sentAt,
      String sentBy,
      Optional<Instant> awaitedUntil,
      Optional<IfLate> ifLate) {}
}
